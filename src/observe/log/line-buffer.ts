/**
 * Log lines that wait to be written, as bytes: strings kept for even a few milliseconds make the garbage collector copy them.
 * Speed, 2026-11-23: lines kept as strings for 20 ms cost 6 µs more per call. Its removal is noticed by test/observe/log/line-buffer.test.ts.
 */

export interface LineBuffer {
  append(line: string): void;
  /** All lines so far in one piece, which is the caller's; the buffer is empty then. */
  take(): Buffer;
  /** What waits; `bytes` is the memory that it takes. */
  size(): { readonly lines: number; readonly bytes: number };
}

const CHUNK_BYTES = 64 * 1024;
/** A character takes at most this many bytes in UTF-8. */
const MOST_BYTES = 3;

export function createLineBuffer(): LineBuffer {
  let full: Buffer[] = [];
  let fullBytes = 0;
  let chunk = Buffer.alloc(0);
  let used = 0;
  let lines = 0;
  const open = (mostBytes: number): void => {
    full.push(chunk.subarray(0, used));
    fullBytes += chunk.length;
    chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, mostBytes));
    used = 0;
  };
  return {
    append(line) {
      const mostBytes = line.length * MOST_BYTES;
      if (used + mostBytes > chunk.length) open(mostBytes);
      used += chunk.write(line, used);
      lines += 1;
    },
    take() {
      const taken = Buffer.concat([...full, chunk.subarray(0, used)]);
      full = [];
      fullBytes = 0;
      // One very long line must not keep its memory for all that follow.
      if (chunk.length > CHUNK_BYTES) chunk = Buffer.alloc(0);
      used = 0;
      lines = 0;
      return taken;
    },
    size: () => ({ lines, bytes: fullBytes + chunk.length }),
  };
}
