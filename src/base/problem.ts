/** The user's mistakes as values, with their place in the file and a remedy; all are reported at once. */

/** One mistake in a rules file, a flag, an environment variable or a settings file. */
export interface Problem {
  /** Path of the file as the user gave it, or another source of the value (`--listen`, `ANTOM_FAULT_PROXY_LISTEN`). */
  readonly file: string;
  /** 1-based; undefined when the mistake has no place in a text. */
  readonly line: number | undefined;
  /** 1-based, in UTF-16 units; undefined when the mistake has no place in a text. */
  readonly column: number | undefined;
  /** What is wrong: lower-case start, names in backquotes, no full stop, never a key, card number or signature. */
  readonly message: string;
  /** How to fix it, in the same style; undefined when there is no useful advice. */
  readonly remedy: string | undefined;
  /** The offending lines with a caret under the place; undefined without a text. */
  readonly frame: string | undefined;
}

/** Thrown when a caller needs a value and there are problems (embedding, tests). */
export class ProblemsError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join("\n"));
    this.name = "ProblemsError";
    this.problems = problems;
  }
}

/** `file:line:column: message; remedy`, followed by the code frame on separate lines, if any. */
export function describeProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(":");
  const remedy = problem.remedy === undefined ? "" : `; ${problem.remedy}`;
  const frame = problem.frame === undefined ? "" : `\n${problem.frame}`;
  return `${place}: ${problem.message}${remedy}${frame}`;
}
