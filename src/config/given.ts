/** A setting's value as it was given, and the problems that point to the place where it was. */
import { closest, distance } from "fastest-levenshtein";
import type { Problem } from "../base/problem.ts";

export interface Given {
  readonly values: readonly string[];
  /** The settings file, or the flag or variable itself. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export function problemAt(given: Omit<Given, "values">, message: string, remedy: string | undefined): Problem {
  return { file: given.file, line: given.line, column: given.column, message, remedy, frame: undefined };
}

/** A remedy that names the nearest of `known`; undefined when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const near = closest(word, known);
  return distance(word, near) <= 3 ? `did you mean \`${near}\`` : undefined;
}
