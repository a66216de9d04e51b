/** The signals that end the program in good order, and how one that must be ignored is known. */
import { fstatSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";

/** What of `process` is needed. */
export type Signals = Pick<NodeJS.EventEmitter, "on" | "off">;

/**
 * Resolves with the name of the first signal that asks the program to end. A second one, of any kind, ends the process at once, as it would without us.
 * A hang-up does not count where it is ignored.
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
 * Whether the program was started by `nohup`. Node takes back, before any of our code runs, that the signal is ignored, so this is read from what nohup
 * leaves: shells name in `_` the command that they started, and GNU's nohup replaces a terminal by a `/dev/null` that cannot be read.
 */
export function isHangUpIgnored(environment: Readonly<Record<string, string | undefined>>, stdin: number): boolean {
  return basename(environment["_"] ?? "") === "nohup" || isUnreadableNull(stdin);
}

function isUnreadableNull(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    return found.isCharacterDevice() && found.rdev === statSync("/dev/null").rdev && !isReadable(descriptor);
  } catch {
    // Closed, or a system without that device.
    return false;
  }
}

/** Of a `/dev/null`, which gives no byte. */
function isReadable(descriptor: number): boolean {
  try {
    return readSync(descriptor, Buffer.alloc(1)) === 0;
  } catch {
    return false;
  }
}
