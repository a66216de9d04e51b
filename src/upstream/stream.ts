/** The stream lane: forwards calls that are not buffered (large bodies, production calls) with http-proxy, with workarounds for its known defects. */
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { PassThrough, type Readable } from "node:stream";
import { headerValue } from "../http/headers.ts";
import { endingHere, endToEnd } from "../http/hop-by-hop.ts";
import type { GoneSignal, StreamResult } from "../ports/ports.ts";
import { createAgents } from "./agents.ts";
import type { LaneOptions } from "./dial.ts";
import { loadHttpProxy } from "./load-http-proxy.ts";
import { createPassage, type Passage, type StreamedWire } from "./passage.ts";

export interface StreamedCall {
  readonly wire: StreamedWire;
  /** `https://host[:port]`. */
  readonly origin: string;
  /** The client; undefined: it never half-closes. */
  readonly gone?: GoneSignal;
  /** Body bytes already read; they are sent first. */
  readonly prefix: readonly Buffer[];
}

/** Resolves when the answer has been sent completely, or the call failed. Never rejects. */
export type StreamLane = (call: StreamedCall) => Promise<StreamResult>;

const ENDING_HERE = endingHere("host", "expect", "content-length");

/** Creates one keep-alive lane for all origins. */
export function createStreamLane({ dial, timeoutMs, maxHeadBytes, viaFor }: LaneOptions): StreamLane {
  const agentFor = createAgents(dial);
  const proxy = loadHttpProxy().createProxyServer({});
  const passages = new WeakMap<IncomingMessage, Passage>();
  proxy.on("proxyReq", (outgoing, request) => passages.get(request)?.onOutgoing(outgoing));
  proxy.on("proxyRes", (answer, request) => passages.get(request)?.onAnswer(answer));
  return (call) =>
    new Promise((resolve) => {
      const { wire, origin, gone } = call;
      const body = bodyOf(call);
      const passage = createPassage(wire, { body, gone, timeoutMs, resolve });
      const stand = new IncomingMessage(new Socket());
      stand.method = wire.head.method;
      passages.set(stand, passage);
      const ssl = sealOutgoing(call, viaFor?.(origin), { signal: passage.signal, maxHeaderSize: maxHeadBytes });
      const fixed = { target: origin, agent: agentFor(origin), selfHandleResponse: true, ssl, buffer: body };
      proxy.web(stand, new ServerResponse(stand), fixed, passage.onError);
    });
}

/**
 * The options that http-proxy passes to http.request, with path and headers fixed: http-proxy would merge double slashes
 * (which the gateway's signatures cover), lower-case and fold header lines, and pass on those that `Connection` nominates.
 */
function sealOutgoing({ wire, origin }: StreamedCall, via: string | undefined, options: object): object {
  const headers = outgoingHeaders(wire, origin);
  if (via !== undefined) headers.push("Via", via);
  return Object.defineProperties(options, { path: fixedProperty(wire.head.path), headers: fixedProperty(headers) });
}

function fixedProperty(value: unknown): PropertyDescriptor {
  return { enumerable: true, get: () => value, set: () => undefined };
}

/** The client's headers in order and case, without connection-specific ones, with the origin's Host and new framing. */
function outgoingHeaders({ head, hasBody }: StreamedWire, origin: string): string[] {
  const headers = endToEnd(head.headers, ENDING_HERE);
  const length = headerValue(head.headers, "content-length");
  if (!hasBody) {
    if (length !== undefined || !/^(?:GET|HEAD|OPTIONS|TRACE)$/.test(head.method)) headers.push("Content-Length", "0");
  } else if (length === undefined) headers.push("Transfer-Encoding", "chunked");
  else headers.push("Content-Length", length);
  return ["Host", new URL(origin).host, ...headers];
}

function bodyOf({ wire, prefix }: StreamedCall): Readable {
  if (prefix.length === 0) return wire.body;
  const whole = new PassThrough();
  for (const chunk of prefix) whole.write(chunk);
  if (wire.body.readableEnded) whole.end();
  else wire.body.pipe(whole);
  return whole;
}
