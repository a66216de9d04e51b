/** Converts any text to a name. */

/** `text` as a name: `Risk reject!` becomes `risk-reject`; empty when no character is allowed in a name. */
export function slug(text: string): string {
  const words = text.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
  return words
    .replaceAll(/[^a-z0-9.]+/g, "-")
    .slice(0, 80)
    .replaceAll(/^[-.]+|[-.]+$/g, "");
}
