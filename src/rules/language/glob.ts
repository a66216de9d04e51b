/** Globs: `*` matches any characters, `?` one. Matching time is proportional to pattern × text for every pattern. */

export interface GlobOptions {
  /** A character that `*` and `?` do not match; `**` matches it. Undefined: they match every character. */
  readonly separator?: string;
}

type Part = { readonly kind: "text"; readonly text: string } | { readonly kind: "one" | "run" | "any" };

/** Returns a test whether a whole text matches `pattern`. */
export function compileGlob(pattern: string, options: GlobOptions = {}): (text: string) => boolean {
  const parts = partsOf(pattern, options.separator);
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "text") return (text) => text === only.text;
  return (text) => run(parts, text, options.separator);
}

function partsOf(pattern: string, separator: string | undefined): Part[] {
  const tokens = pattern.match(/\*+|\?|[^*?]+/g) ?? [];
  const parts = tokens.map((token): Part => {
    if (token === "?") return { kind: "one" };
    if (!token.startsWith("*")) return { kind: "text", text: token };
    return { kind: separator === undefined || token.length > 1 ? "any" : "run" };
  });
  return parts.length === 0 ? [{ kind: "text", text: "" }] : parts;
}

/** Computes the set of reachable offsets in `text` part by part. */
function run(parts: readonly Part[], text: string, separator: string | undefined): boolean {
  let reached: readonly number[] = [0];
  for (const part of parts) {
    reached = advance(part, reached, { text, separator });
    if (reached.length === 0) return false;
  }
  return reached.at(-1) === text.length;
}

/** `reached` and the result are in ascending order without duplicates. */
function advance(part: Part, reached: readonly number[], where: { text: string; separator: string | undefined }): readonly number[] {
  const { text, separator } = where;
  if (part.kind === "text") return reached.filter((at) => text.startsWith(part.text, at)).map((at) => at + part.text.length);
  if (part.kind === "one") return reached.filter((at) => at < text.length && text[at] !== separator).map((at) => at + 1);
  const next: number[] = [];
  let at = 0;
  for (const from of reached) {
    at = Math.max(at, from);
    for (; at <= text.length; at += 1) {
      next.push(at);
      if (part.kind === "run" && text[at] === separator) break;
    }
  }
  return next;
}
