/** How much of rules is read: what lies below was measured (docs/decisions/), what lies above is refused with a word. */
import type { Problem } from "../../base/problem.ts";

/** Over all files. */
export const MOST_RULES = 50_000;
/** Characters, over all files. */
export const MOST_TEXT = 16 * 1024 * 1024;

/** Maximum number of files in a folder, because they are checked every second. */
export const MOST_FILES = 1000;

/** The remedy. */
export const FEWER = "keep the rules that are in use, and give one rule several values: `in: [...]`";

/** A problem of all files together, reported for the file that exceeds the limit. */
export function tooMuch(file: string, what: string): Problem {
  return { file, line: undefined, column: undefined, message: `with this file there are ${what}`, remedy: FEWER, frame: undefined };
}

/** `more than 50000 rules`. */
export const TOO_MANY_RULES: string = `more than ${MOST_RULES} rules`;
/** `more than 16 MiB of rules`. */
export const TOO_MUCH_TEXT: string = `more than ${MOST_TEXT / 1024 / 1024} MiB of rules`;
