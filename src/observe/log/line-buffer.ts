/**
 * Log lines that wait to be written, as bytes: strings kept for even a few milliseconds make the garbage collector copy them.
 * Speed, 2026-11-23: lines kept as strings for 20 ms cost 6 µs more per call. Its removal is noticed by test/observe/log/line-buffer.test.ts.
 */

export interface LineBuffer {
  append(line: string): void;
  /** Returns all lines as one buffer owned by the caller, and empties this buffer. */
  take(): Buffer;
  /** The pending lines; `bytes` is the allocated memory. */
  size(): { readonly lines: number; readonly bytes: number };
}

const CHUNK_BYTES = 64 * 1024;
/** Maximum bytes of a character in UTF-8. */
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
      // After one very long line its memory is released.
      if (chunk.length > CHUNK_BYTES) chunk = Buffer.alloc(0);
      used = 0;
      lines = 0;
      return taken;
    },
    size: () => ({ lines, bytes: fullBytes + chunk.length }),
  };
}
