/** The parts of the process that commands use, as parameters, so that tests can run commands without a process. */
import type { LogSink } from "../observe/log/log-sink.ts";

/** Called with uncaught exceptions and unhandled rejections. */
export type BugListener = (error: unknown) => void;

export interface Io {
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  readonly terminal: boolean;
  /** A sink for lines on standard output; when its reader stops, lines are dropped and counted. */
  readonly openLog: () => LogSink;
  /** Sets the handler of uncaught errors; the default handler ends the process. */
  readonly onBug: (listener: BugListener) => void;
  /** Resolves with the signal's name when the process is asked to stop. */
  readonly stopSignal: () => Promise<string>;
  /** Ends the process immediately with a signal from stopSignal, as if it had not been caught. */
  readonly endBySignal: (signal: string) => void;
}
