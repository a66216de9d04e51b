/** Removes interim answers (1xx, RFC 9110 §15.2) from the gateway's bytes before undici parses them: undici closes the connection on an unexpected `100 Continue`. */
import type { Readable } from "node:stream";
import { codedError } from "./failure.ts";

/** The offset of the status in `HTTP/1.1 200`. */
const STATUS_AT = 9;
const DECISIVE_BYTES = STATUS_AT + 3;
const ONE = 0x31;
const SLASH = 0x2f;
const SPACE = 0x20;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Makes `socket.read()` skip the interim heads of an answer. Returns a function to call before each request is written: from then until the
 * final head begins, incoming bytes are checked; all other bytes cost one comparison. A head over `limitBytes` ends the connection.
 */
export function skipInterim(socket: Readable, limitBytes: number): () => void {
  const read = socket.read.bind(socket);
  let expecting = false;
  let held: Buffer = NOTHING;
  const pass = (chunk: Buffer): Buffer | undefined => {
    held = afterInterim(held.length === 0 ? chunk : Buffer.concat([held, chunk]));
    if (!isFinal(held)) {
      if (held.length > limitBytes) socket.destroy(codedError("UND_ERR_HEADERS_OVERFLOW", "an interim answer's head is too large"));
      return undefined;
    }
    const rest = held;
    expecting = false;
    held = NOTHING;
    return rest;
  };
  socket.read = (size) => {
    for (;;) {
      const chunk: unknown = read(size);
      if (!expecting || !Buffer.isBuffer(chunk)) return chunk;
      const passed = pass(chunk);
      if (passed !== undefined) return passed;
    }
  };
  return () => {
    expecting = true;
  };
}

/** The bytes after all complete interim heads at the start. */
function afterInterim(bytes: Buffer): Buffer {
  let rest = bytes;
  while (isInterim(rest)) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) return rest;
    rest = rest.subarray(end + 4);
  }
  return rest;
}

/** Whether the bytes suffice to exclude an interim head. The parser refuses bytes that are not HTTP/1. */
function isFinal(bytes: Buffer): boolean {
  return bytes.length >= DECISIVE_BYTES && !isInterim(bytes);
}

/** Whether a head of status 1xx begins here. 101 is final: the bytes after it are not HTTP. */
function isInterim(bytes: Buffer): boolean {
  if (bytes.length < DECISIVE_BYTES || bytes[4] !== SLASH || bytes[STATUS_AT - 1] !== SPACE || bytes[STATUS_AT] !== ONE) return false;
  return bytes.toString("latin1", STATUS_AT, DECISIVE_BYTES) !== "101";
}
