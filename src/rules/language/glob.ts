/** Globs: `*` stands for any characters, `?` for one. Matched in time proportional to pattern × text, whatever the pattern. */

export interface GlobOptions {
  /** A character that `*` and `?` do not cross; `**` crosses it. Undefined: nothing stops them. */
  readonly separator?: string;
}

type Part = { readonly kind: "text"; readonly text: string } | { readonly kind: "one" | "run" | "any" };

/** A test whether a whole text is like `pattern`. */
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

/** Carries the set of reachable places in `text` from part to part. */
function run(parts: readonly Part[], text: string, separator: string | undefined): boolean {
  let reached: readonly number[] = [0];
  for (const part of parts) {
    reached = advance(part, reached, { text, separator });
    if (reached.length === 0) return false;
  }
  return reached.at(-1) === text.length;
}

/** `reached` is in ascending order without repetition, and so is the answer. */
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
