/**
 * Writes to a descriptor without blocking a thread of the pool, which also computes signatures, when the reader is slow: to a pipe or socket through
 * a non-blocking stream, to a terminal through a second, non-blocking descriptor, to a file through the pool.
 */
import { constants, fstatSync, openSync, write as writeTo } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";
import { isatty } from "node:tty";

/** Writes `bytes`; calls `done` once, with the system's error unless everything was written. One write at a time. */
export type WriteBytes = (bytes: Buffer, done: (error: NodeJS.ErrnoException | undefined) => void) => void;

const RETRY_MS = 10;

/** Returns the writer for `descriptor`. The caller closes the descriptor unless it is a pipe or socket other than 1 and 2. */
export function openDescriptor(descriptor: number): WriteBytes {
  if (isatty(descriptor)) return fileWriter(openTerminal(descriptor));
  return isStream(descriptor) ? streamWriter(streamOf(descriptor)) : fileWriter(descriptor);
}

function isStream(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    return found.isFIFO() || found.isSocket();
  } catch {
    // Closed: the writes report the error.
    return false;
  }
}

/** Writing to a terminal stopped by its user (Ctrl-S) would block a thread. Only Linux can reopen it through the descriptor. */
function openTerminal(descriptor: number): number {
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return descriptor;
  }
}

/** Two streams of one process cannot wait for the same descriptor, so process.stdout and process.stderr are used for 1 and 2. */
function streamOf(descriptor: number): Writable {
  if (descriptor === 1) return process.stdout;
  if (descriptor === 2) return process.stderr;
  return new Socket({ fd: descriptor, readable: false, writable: true });
}

function streamWriter(stream: Writable): WriteBytes {
  // The write callback also receives the error; an `error` event without a listener would end the process.
  if (!stream.listeners("error").includes(ignore)) stream.on("error", ignore);
  return (bytes, done) => void stream.write(bytes, (error) => done(error ?? undefined));
}

function ignore(): void {
  // Handled in the write callback.
}

function fileWriter(descriptor: number): WriteBytes {
  return function writeAll(bytes, done): void {
    writeTo(descriptor, bytes, (error, written) => {
      if (error?.code === "EAGAIN") setTimeout(writeAll, RETRY_MS, bytes, done);
      else if (error !== null) done(error);
      else if (written < bytes.length) writeAll(bytes.subarray(written), done);
      else done(undefined);
    });
  };
}
