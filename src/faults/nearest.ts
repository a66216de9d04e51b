/** "Did you mean": the nearest valid word. */
import { distance } from "fastest-levenshtein";

/** The candidate nearest to `word`, ignoring case and separators; undefined when none is within a typing error. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = fold(word);
  let best: string | undefined;
  let bestDistance = Math.ceil(plain.length / 3) + 1;
  for (const candidate of candidates) {
    const apart = distance(plain, fold(candidate));
    if (apart < bestDistance) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}

/** ``did you mean `x`? ``, or the list of candidates; undefined when there are none. */
export function suggestion(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return candidates.length === 0 ? undefined : `use ${oneOf(candidates)}`;
}

/** `` `a` ``, `` `a` or `b` ``, ``one of `a`, `b`, `c` ``. */
export function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length <= 2 ? quoted.join(" or ") : `one of ${quoted.join(", ")}`;
}

function fold(word: string): string {
  return word.slice(0, 100).toLowerCase().replaceAll(/[-_ ]/g, "");
}
