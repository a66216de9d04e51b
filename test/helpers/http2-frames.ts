/** Frames of HTTP/2 (RFC 9113 §4.1, §6) as bytes, for clients that keep to no rule. */

/** The connection preface with empty SETTINGS. */
export const PREFACE: Buffer = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(4, 0, 0)]);

/** Frame types. */
export const FRAMES = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goaway: 7, window: 8, continuation: 9 } as const;

const END_HEADERS = 4;

/** One frame; `payload` as text or bytes. */
export function frame(type: number, flags: number, stream: number, payload: string | Buffer = ""): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, bytes]);
}

/** HEADERS with literal fields, neither indexed nor compressed (RFC 7541 §6.2.2); names and values of up to 126 bytes. */
export function headersFrame(stream: number, fields: Readonly<Record<string, string>>, flags = END_HEADERS): Buffer {
  const parts = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
  return frame(FRAMES.headers, flags, stream, Buffer.concat(parts));
}
