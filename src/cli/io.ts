/** What a command may touch of the process: handed in, so that a test can run any command without one. */
import type { LogSink } from "../observe/log/log-sink.ts";

/** Is given what a callback threw, or a promise was rejected with, that nobody caught. */
export type BugListener = (error: unknown) => void;

export interface Io {
  /** Writes to standard output, as given. */
  readonly out: (text: string) => void;
  /** Writes to standard error, as given. */
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  readonly terminal: boolean;
  /** A sink for lines on standard output: where the reader has stopped, lines are dropped and counted instead of kept. */
  readonly openLog: () => LogSink;
  /** Replaces what is done with a bug; by default it ends the process. */
  readonly onBug: (listener: BugListener) => void;
  /** Resolves with the signal's name when the process is told to end. */
  readonly stopSignal: () => Promise<string>;
  /** Ends the process at once by a signal that stopSignal gave, as if it had not been caught. */
  readonly endBySignal: (signal: string) => void;
}
