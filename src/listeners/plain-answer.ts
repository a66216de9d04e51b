/** A short answer straight onto a connection that has no response object: CONNECT and broken requests. */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Sends status and one line of text, then closes; `headers` are further lines (`name: value`). */
export function plainAnswer(socket: Duplex, status: number, text: string, headers: readonly string[] = []): void {
  const body = `${text}\n`;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`,
    "content-type: text/plain; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    ...headers,
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
