/** Answers requests that never become calls: rejected by our checks, or unreadable for node:http's parser. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { plainAnswer } from "./plain-answer.ts";
import type { Rejection } from "./request-checks.ts";

/** The error of a `clientError` event. */
export interface ParserError extends Error {
  readonly code?: string;
  /** llhttp's own description. */
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

/** What was wrong with the bytes of a `clientError`; undefined when the client only disconnected. */
export function breakOffDetail(error: ParserError, socket: Duplex): string | undefined {
  return error.code === "ECONNRESET" || !socket.writable ? undefined : (error.reason ?? error.message);
}

/** Answers a request that the parser refused, unless its answer has begun, and closes the connection. */
export function refuseBytes(error: ParserError, socket: Socket, isAnswered: boolean): void {
  if (isAnswered) socket.destroySoon();
  else plainAnswer(socket, STATUS_BY_CODE[error.code ?? ""] ?? 400, error.reason ?? error.message);
}
