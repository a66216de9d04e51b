/** A stream of node:http2 as a Wire: pseudo-headers become a head, and answer lines become what HTTP/2 allows. */
import { constants, type ServerHttp2Stream } from "node:http2";
import { headerValue, keepHeaders } from "../../http/headers.ts";
import { http2Headers } from "../../http/http2-headers.ts";
import type { RawHeaders, RequestHead } from "../../http/message.ts";
import type { Wire } from "./wire.ts";

/** Wraps one stream; `rawHeaders` is the flat list that came with it, pseudo-headers included. `onTaken` is called for every piece of a large body that the client has taken. */
export function createHttp2Wire(stream: ServerHttp2Stream, rawHeaders: RawHeaders, onTaken: () => void): Wire {
  const wire: Wire = {
    head: readHttp2Head(rawHeaders),
    body: stream,
    hasBody: !stream.endAfterHeaders,
    sentBytes: 0,
    wholeBytes: undefined,
    isBrokenOff: false,
    out: stream,
    // A client of HTTP/2 that gives up resets the stream.
    onClientEnd: () => undefined,
    respond(status, headers) {
      if (!stream.destroyed && !stream.headersSent) stream.respond({ ":status": status, ...http2Headers(headers) });
    },
    send: (body) => sendBody(wire, stream, { body, onTaken }),
    // A stream may close before it counts as finished.
    hasDelivered: () => stream.writableFinished || (stream.writableEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR),
    hasResponded: () => stream.headersSent,
    reset() {
      wire.isBrokenOff = true;
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    },
    end() {
      wire.isBrokenOff = true;
      // What has been written stays; without a head there is nothing to end, so the stream is cancelled.
      if (stream.headersSent) stream.end();
      else stream.close(constants.NGHTTP2_CANCEL);
    },
  };
  return wire;
}

/** node:http2 tells of a write when all of it has gone; in pieces of this size, a client that takes bytes slowly differs from one that takes none. */
const PIECE_BYTES = 1024;

/** What fits the client's window goes out at once. */
function sendBody(wire: Wire, stream: ServerHttp2Stream, { body, onTaken }: { readonly body: Buffer; readonly onTaken: () => void }): void {
  if (body.length <= (stream.session?.remoteSettings?.initialWindowSize ?? 0) || body.length <= PIECE_BYTES) {
    wire.wholeBytes = body.length;
    stream.end(body);
    return;
  }
  let sent = 0;
  const next = (): void => {
    onTaken();
    const piece = body.subarray(sent, sent + PIECE_BYTES);
    sent += piece.length;
    wire.sentBytes = sent;
    if (stream.destroyed) return;
    if (sent >= body.length) stream.end(piece);
    else stream.write(piece, (error) => void (error == null && next()));
  };
  next();
}

/** The head as HTTP/1 would have it: `:authority` becomes the Host line, cookie crumbs become one line (RFC 9113 §8.2.3, §8.3.1). */
export function readHttp2Head(rawHeaders: RawHeaders): RequestHead {
  const path = headerValue(rawHeaders, ":path") ?? "/";
  const authority = headerValue(rawHeaders, ":authority") ?? headerValue(rawHeaders, "host");
  const headers = authority === undefined ? [] : ["host", authority];
  const cookies: string[] = [];
  const rest = keepHeaders(rawHeaders, (name, value) => {
    if (name === "cookie") cookies.push(value);
    return !name.startsWith(":") && name !== "host" && name !== "cookie";
  });
  headers.push(...rest);
  if (cookies.length > 0) headers.push("cookie", cookies.join("; "));
  return { method: headerValue(rawHeaders, ":method") ?? "GET", target: path, path, authority, headers };
}
