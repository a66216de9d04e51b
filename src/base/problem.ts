/** The user's mistakes as values: found all at once, placed in their file, each saying what would be right. */

/** One mistake in a rules file, a flag, an environment variable or a settings file. */
export interface Problem {
  /** Path of the file as the user gave it, or where else the value came from (`--listen`, `ANTOM_FAULT_PROXY_LISTEN`). */
  readonly file: string;
  /** 1-based; undefined where the mistake has no place in a text. */
  readonly line: number | undefined;
  /** 1-based, in UTF-16 units; undefined where the mistake has no place in a text. */
  readonly column: number | undefined;
  /** What is wrong: lower-case start, names in backquotes, no full stop, never a key, card number or signature. */
  readonly message: string;
  /** What would be right, in the same style; undefined where nothing useful can be said. */
  readonly remedy: string | undefined;
  /** The offending lines with a caret under the place; undefined where there is no text. */
  readonly frame: string | undefined;
}

/** Thrown where a caller asked for a value and there are only problems (embedding, tests). */
export class ProblemsError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join("\n"));
    this.name = "ProblemsError";
    this.problems = problems;
  }
}

/** `file:line:column: message; remedy`, followed by the code frame on lines of its own where there is one. */
export function describeProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(":");
  const remedy = problem.remedy === undefined ? "" : `; ${problem.remedy}`;
  const frame = problem.frame === undefined ? "" : `\n${problem.frame}`;
  return `${place}: ${problem.message}${remedy}${frame}`;
}
