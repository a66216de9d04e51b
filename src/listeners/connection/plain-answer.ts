/** Writes a short answer directly to a connection without a response object: for CONNECT and invalid requests. */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { HttpResponse } from "../../http/message.ts";

/** Sends a status and one line of text, then closes; `headers` are additional lines (`name: value`). */
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

/** Sends a whole answer, then closes; `onSent` is called when the system has taken all of it. */
export function closingAnswer(socket: Duplex, { status, headers, body }: HttpResponse, onSent: () => void): void {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`];
  for (let at = 0; at + 1 < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  lines.push(`content-length: ${body.length}`, "connection: close");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  socket.end(body, () => {
    if (socket.errored === null) onSent();
    socket.destroy();
  });
}
