/** A setting's value with its source, and problems that point to the source. */
import { closest, distance } from "fastest-levenshtein";
import type { Problem } from "../base/problem.ts";

export interface Given {
  readonly values: readonly string[];
  /** The settings file, the flag or the variable. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export function problemAt(given: Omit<Given, "values">, message: string, remedy: string | undefined): Problem {
  return { file: given.file, line: given.line, column: given.column, message, remedy, frame: undefined };
}

/** A remedy with the nearest of `known`; undefined when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const near = closest(word, known);
  return distance(word, near) <= 3 ? `did you mean \`${near}\`` : undefined;
}
