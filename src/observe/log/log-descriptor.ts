/**
 * Writes to a descriptor without keeping a thread of the pool, where signatures are made, waiting for whoever reads the other end: a pipe or socket through
 * a stream that does not block, a terminal through a descriptor of its own that does not block, a file through the pool.
 */
import { constants, fstatSync, openSync, write as writeTo } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";
import { isatty } from "node:tty";

/** Writes all of `bytes`; `done` is called once, with the system's error where they were not all written. One at a time. */
export type WriteBytes = (bytes: Buffer, done: (error: NodeJS.ErrnoException | undefined) => void) => void;

const RETRY_MS = 10;

/** The way to write to `descriptor`, which stays the caller's to close unless it is a pipe or socket other than 1 and 2. */
export function openDescriptor(descriptor: number): WriteBytes {
  if (isatty(descriptor)) return fileWriter(openTerminal(descriptor));
  return isStream(descriptor) ? streamWriter(streamOf(descriptor)) : fileWriter(descriptor);
}

function isStream(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    return found.isFIFO() || found.isSocket();
  } catch {
    // Closed: the writes say so.
    return false;
  }
}

/** A terminal whose user has stopped it (Ctrl-S) would hold a thread. Only Linux lets it be opened a second time by the descriptor. */
function openTerminal(descriptor: number): number {
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return descriptor;
  }
}

/** Two streams of one process cannot wait for the same descriptor, so those of the process are used for its own. */
function streamOf(descriptor: number): Writable {
  if (descriptor === 1) return process.stdout;
  if (descriptor === 2) return process.stderr;
  return new Socket({ fd: descriptor, readable: false, writable: true });
}

function streamWriter(stream: Writable): WriteBytes {
  // An error is told to the callback of the write as well; unheard, the event would end the process.
  if (!stream.listeners("error").includes(ignore)) stream.on("error", ignore);
  return (bytes, done) => void stream.write(bytes, (error) => done(error ?? undefined));
}

function ignore(): void {
  // The callback of the write has it.
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
