/** Collects log lines for a few milliseconds and writes them to a descriptor in one write, outside the calls' path. */
import { createLineBuffer } from "./line-buffer.ts";
import { openDescriptor } from "./log-descriptor.ts";

export interface LogSink {
  write(line: string): void;
  /** Resolves when all lines so far are written or lost; gives up after a second if the reader has stopped. Never rejects. */
  flush(): Promise<void>;
}

const COLLECT_MS = 50;
const FLUSH_MS = 1000;
/** Memory for pending lines; further lines are dropped and counted. Up to the same amount is in the current write. */
const WAITING_LIMIT = 8 * 1024 * 1024;
/** Errors that are permanent, such as a closed pipe or terminal; a full disk may have space again. */
const FINAL: ReadonlySet<string | undefined> = new Set(["EPIPE", "EBADF", "EIO", "ECONNRESET", "ERR_STREAM_DESTROYED"]);

/** Creates a sink for `descriptor`; see openDescriptor for who closes it. `tellLost` formats the line with the number of dropped lines. */
export function createLogSink(descriptor: number, tellLost: (lines: number) => string): LogSink {
  const waiting = createLineBuffer();
  const writeBytes = openDescriptor(descriptor);
  let lost = 0;
  let busy = false;
  let closed = false;
  const idle: (() => void)[] = [];

  const settle = (error: NodeJS.ErrnoException | undefined, lines: number): void => {
    busy = false;
    if (error !== undefined) {
      lost += lines;
      closed = FINAL.has(error.code);
    }
    if (closed) waiting.take();
    if (waiting.size().lines > 0) begin(0);
    else for (const resolve of idle.splice(0)) resolve();
  };
  const writeAll = (): void => {
    const lines = waiting.size().lines + lost;
    if (lost > 0) waiting.append(tellLost(lost));
    lost = 0;
    writeBytes(waiting.take(), (error) => settle(error, lines));
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
      if (!busy) begin(COLLECT_MS);
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
