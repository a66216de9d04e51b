/** Where log lines go: gathered for a few milliseconds and written to a descriptor by one write at a time, off the calls' path. */
import { write as writeTo } from "node:fs";
import { createLineBuffer } from "./line-buffer.ts";

export interface LogSink {
  write(line: string): void;
  /** Resolves when all lines so far are written or lost; gives up after a second, for a reader that has stopped. Never rejects. */
  flush(): Promise<void>;
}

const GATHER_MS = 50;
const RETRY_MS = 10;
const FLUSH_MS = 1000;
/** Lines waiting past this many bytes are dropped, so that a stopped reader does not fill the memory. */
const WAITING_LIMIT = 16 * 1024 * 1024;

/** Creates a sink for `descriptor`, which stays the caller's to close. `tellLost` makes the line that says how many lines were dropped. */
export function createLogSink(descriptor: number, tellLost: (lines: number) => string): LogSink {
  const waiting = createLineBuffer();
  let lost = 0;
  let busy = false;
  let closed = false;
  let idle: (() => void)[] = [];

  const writeAll = (): void => {
    const count = waiting.size().lines + lost;
    if (lost > 0) waiting.append(tellLost(lost));
    lost = 0;
    const bytes = waiting.take();
    writeBytes(descriptor, bytes, (error) => {
      closed ||= isFinal(error);
      if (error !== undefined) lost += count;
      busy = false;
      if (waiting.size().lines > 0 && !closed) return begin(0);
      for (const resolve of idle) resolve();
      idle = [];
    });
  };
  const begin = (delayMs: number): void => {
    busy = true;
    setTimeout(writeAll, delayMs);
  };

  return {
    write(line) {
      if (closed || waiting.size().bytes + line.length > WAITING_LIMIT) {
        lost += 1;
        return;
      }
      waiting.append(line);
      if (!busy) begin(GATHER_MS);
    },
    flush() {
      if (!busy) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, FLUSH_MS);
        idle.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

/** A closed pipe stays closed; a full disk may have room again. */
function isFinal(error: NodeJS.ErrnoException | undefined): boolean {
  return error?.code === "EPIPE" || error?.code === "EBADF";
}

/** Writes all of `bytes`, waiting where a pipe is full. */
function writeBytes(descriptor: number, bytes: Buffer, done: (error: NodeJS.ErrnoException | undefined) => void): void {
  writeTo(descriptor, bytes, (error, written) => {
    if (error?.code === "EAGAIN") setTimeout(writeBytes, RETRY_MS, descriptor, bytes, done);
    else if (error !== null) done(error);
    else if (written < bytes.length) writeBytes(descriptor, bytes.subarray(written), done);
    else done(undefined);
  });
}
