/** What a command is given to register itself. */
import type { Command } from "commander";
import type { Io } from "./io.ts";

export interface Registry {
  readonly program: Command;
  readonly io: Io;
  /** Takes the exit code of the command that ran. */
  readonly done: (exitCode: number) => void;
}
