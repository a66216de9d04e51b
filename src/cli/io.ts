/** What a command may touch of the process: handed in, so that a test can run any command without one. */

export interface Io {
  /** Writes to standard output, as given. */
  readonly out: (text: string) => void;
  /** Writes to standard error, as given. */
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  readonly terminal: boolean;
  /** Resolves with the signal's name when the process is told to end. */
  readonly stopSignal: () => Promise<string>;
}
