/** Answers to requests that never become calls: what our checks reject, and what node:http's parser could not read. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { plainAnswer } from "./plain-answer.ts";
import type { Rejection } from "./request-checks.ts";

/** The error of a `clientError` event. */
export interface ParserError extends Error {
  readonly code?: string;
  /** llhttp's own words. */
  readonly reason?: string;
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers a request that was parsed and rejected, and closes its connection. */
export function rejectRequest(response: ServerResponse, { status, reason }: Rejection): void {
  const body = `${reason}\n`;
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "content-length": body.length, connection: "close" });
  response.end(body);
}

/** What was wrong with the bytes of a `clientError`, in words; undefined when the client just went away. */
export function breakOffDetail(error: ParserError, socket: Duplex): string | undefined {
  return error.code === "ECONNRESET" || !socket.writable ? undefined : (error.reason ?? error.message);
}

/** Answers what the parser refused, unless an answer to the same request has begun, and closes the connection. */
export function refuseBytes(error: ParserError, socket: Socket, isAnswered: boolean): void {
  if (isAnswered) socket.destroySoon();
  else plainAnswer(socket, STATUS_BY_CODE[error.code ?? ""] ?? 400, error.reason ?? error.message);
}
