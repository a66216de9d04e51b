/** What a command needs to register itself. */
import type { Command } from "commander";
import type { Io } from "./io.ts";

export interface Registry {
  readonly program: Command;
  readonly io: Io;
  /** Receives the exit code of the finished command. */
  readonly done: (exitCode: number) => void;
}
