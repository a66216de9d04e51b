/** Waits for the signals that stop the program, and detects when SIGHUP must be ignored. */
import { fstatSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";

/** The part of `process` that is used. */
export type Signals = Pick<NodeJS.EventEmitter, "on" | "off">;

/**
 * Resolves with the name of the first stop signal. A second signal of any kind ends the process immediately, as by default.
 * SIGHUP is skipped when it is ignored.
 */
export function waitForStop(signals: Signals, hangUpIgnored: boolean): Promise<string> {
  const names = ["SIGTERM", "SIGINT", "SIGBREAK", ...(hangUpIgnored ? [] : ["SIGHUP"])];
  return new Promise((resolve) => {
    const stop = (signal: string): void => {
      for (const name of names) signals.off(name, stop);
      resolve(signal);
    };
    for (const name of names) signals.on(name, stop);
  });
}

/**
 * Whether the program was started by `nohup`. Node resets ignored signals before our code runs, so nohup is detected by its effects:
 * shells put the started command into `_`, and GNU's nohup replaces a terminal by a `/dev/null` that cannot be read.
 */
export function isHangUpIgnored(environment: Readonly<Record<string, string | undefined>>, stdin: number): boolean {
  return basename(environment["_"] ?? "") === "nohup" || isUnreadableNull(stdin);
}

function isUnreadableNull(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    return found.isCharacterDevice() && found.rdev === statSync("/dev/null").rdev && !isReadable(descriptor);
  } catch {
    // Closed, or the system has no such device.
    return false;
  }
}

/** For `/dev/null`, which returns no byte. */
function isReadable(descriptor: number): boolean {
  try {
    return readSync(descriptor, Buffer.alloc(1)) === 0;
  } catch {
    return false;
  }
}
