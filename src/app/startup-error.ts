/** Why the program could not start: one clear line, and the kind that decides the exit code. */
import { type Problem, ProblemsError } from "../base/problem.ts";

export type StartupTrouble = "settings" | "rules" | "key" | "address" | "data-dir" | "certificate";

/** Thrown by startApp; `message` is for a person and holds no secret. */
export class StartupError extends ProblemsError {
  readonly trouble: StartupTrouble;
  constructor(trouble: StartupTrouble, problems: readonly Problem[], options: ErrorOptions = {}) {
    super(problems);
    this.name = "StartupError";
    this.trouble = trouble;
    this.cause = options.cause;
  }
}

/** A StartupError with a single problem that has a place but no line. */
export function startupError(trouble: StartupTrouble, file: string, message: string, remedy?: string): StartupError {
  return new StartupError(trouble, [{ file, line: undefined, column: undefined, message, remedy, frame: undefined }]);
}
