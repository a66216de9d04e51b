/** A call of node:http as a Wire. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { headerValue } from "../../http/headers.ts";
import type { RequestHead } from "../../http/message.ts";
import { resetConnection } from "./reset-connection.ts";
import { splitTarget } from "./target.ts";
import type { Wire } from "./wire.ts";

/** Wraps one request and its response without changing them. */
export function createHttp1Wire(request: IncomingMessage, response: ServerResponse, onClientEnd: Wire["onClientEnd"]): Wire {
  const wire: Wire = {
    onClientEnd,
    head: readHead(request),
    body: request,
    hasBody: request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0,
    sentBytes: 0,
    wholeBytes: undefined,
    isBrokenOff: false,
    out: response,
    respond(status, headers) {
      // node:http requires a mutable array, but does not change it.
      response.writeHead(status, headers as string[]);
    },
    send(body) {
      wire.wholeBytes = body.length;
      response.end(body);
    },
    hasDelivered: () => response.writableFinished && isSound(request.socket),
    hasResponded: () => response.headersSent,
    reset() {
      wire.isBrokenOff = true;
      if (response.socket !== null) resetConnection(response.socket);
    },
    end() {
      wire.isBrokenOff = true;
      response.socket?.destroySoon();
    },
  };
  return wire;
}

/** The head of a request as received. */
export function readHead(request: IncomingMessage): RequestHead {
  const target = request.url ?? "/";
  const { authority, path } = splitTarget(target);
  const headers = request.rawHeaders;
  return { method: request.method ?? "GET", target, path, authority: authority ?? headerValue(headers, "host"), headers };
}

/** node:http counts a response as finished also when its connection was broken off with bytes waiting. */
function isSound({ destroyed, errored, writableFinished }: Socket): boolean {
  return errored === null && (!destroyed || writableFinished);
}
