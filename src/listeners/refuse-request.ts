/** Answers to requests that never become calls: what our checks reject, and what node:http's parser could not read. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
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

/**
 * Answers what the parser refused, unless its request has been answered already, and closes the connection. `response` is the latest one on
 * it. Gives what was wrong, in words; undefined when the client just went away.
 */
export function refuseBytes(error: ParserError, socket: Socket, response: ServerResponse<IncomingMessage> | undefined): string | undefined {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return undefined;
  }
  const detail = error.reason ?? error.message;
  if (isAnswered(response)) socket.destroySoon();
  else plainAnswer(socket, STATUS_BY_CODE[error.code ?? ""] ?? 400, detail);
  return detail;
}

/** Whether the request that broke off is the one that this answer belongs to, and the answer has begun. */
function isAnswered(response: ServerResponse<IncomingMessage> | undefined): boolean {
  if (response === undefined || !response.headersSent) return false;
  return !response.req.complete || !response.writableFinished;
}
