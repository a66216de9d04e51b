/** The stream lane: carries what needs no reading (large bodies, production calls) with http-proxy, its known defects fenced. */
import { type ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { headerValue } from "../http/headers.ts";
import { endingHere, endToEnd } from "../http/hop-by-hop.ts";
import type { RawHeaders, RequestHead } from "../http/message.ts";
import { type AgentOptions, createAgents } from "./agents.ts";
import { setDeadlines } from "./deadlines.ts";
import { describeFailure } from "./failure.ts";
import { loadHttpProxy } from "./load-http-proxy.ts";

/** The client's side of a streamed call; the listeners' Wire is one. */
export interface StreamedWire {
  readonly head: RequestHead;
  readonly body: Readable;
  readonly hasBody: boolean;
  readonly out: Writable;
  respond(status: number, headers: RawHeaders): void;
  hasResponded(): boolean;
  reset(): void;
}

export interface StreamedCall {
  readonly wire: StreamedWire;
  /** `https://host[:port]`. */
  readonly origin: string;
  /** Body bytes already read; they go first. */
  readonly prefix: readonly Buffer[];
}

export interface StreamLaneOptions extends Partial<AgentOptions> {
  /** Longest silence of the gateway's side, in milliseconds. */
  readonly timeoutMs: number;
}

/** Resolves with the answer's status when it has been sent whole; undefined when it failed (the client has been told) or the client went away. */
export type StreamLane = (call: StreamedCall) => Promise<number | undefined>;

const CONNECT_TIMEOUT_MS = 10_000;
const ENDING_HERE = endingHere("host", "expect");

/** One keep-alive lane for all origins. */
export function createStreamLane(options: StreamLaneOptions): StreamLane {
  const agentFor = createAgents({ connectTimeoutMs: CONNECT_TIMEOUT_MS, ...options });
  const proxy = loadHttpProxy().createProxyServer({});
  const flights = new WeakMap<IncomingMessage, Flight>();
  proxy.on("proxyReq", (outgoing, request) => flights.get(request)?.onOutgoing(outgoing));
  proxy.on("proxyRes", (answer, request) => flights.get(request)?.onAnswer(answer));
  return (call) =>
    new Promise((resolve) => {
      const stand = new IncomingMessage(new Socket());
      stand.method = call.wire.head.method;
      const flight = createFlight(call.wire, options.timeoutMs, resolve);
      flights.set(stand, flight);
      const fixed = { target: call.origin, agent: agentFor(call.origin), selfHandleResponse: true };
      proxy.web(stand, new ServerResponse(stand), { ...fixed, ssl: sealOutgoing(call), buffer: bodyOf(call) }, flight.onError);
    });
}

/** One call on its way. */
interface Flight {
  onOutgoing(request: ClientRequest): void;
  onAnswer(answer: IncomingMessage): void;
  onError(error: Error): void;
}

function createFlight(wire: StreamedWire, timeoutMs: number, resolve: (status: number | undefined) => void): Flight {
  let outgoing: ClientRequest | undefined;
  let status: number | undefined;
  const fail = (error: Error): void => {
    outgoing?.destroy();
    if (wire.hasResponded()) wire.reset();
    else refuse(wire, error);
    resolve(undefined);
  };
  wire.out.once("close", () => {
    // An HTTP/2 stream may close before it counts as finished; `ended` means that the gateway's whole answer was passed on.
    if (!wire.out.writableEnded) outgoing?.destroy();
    resolve(wire.out.writableEnded ? status : undefined);
  });
  return {
    onOutgoing(request) {
      outgoing = request;
      if (wire.out.destroyed) request.destroy();
      else setDeadlines(request, { connectTimeoutMs: CONNECT_TIMEOUT_MS, timeoutMs });
    },
    onAnswer(answer) {
      status = answer.statusCode ?? 502;
      wire.respond(status, endToEnd(answer.rawHeaders));
      answer.once("error", fail).pipe(wire.out);
    },
    onError: fail,
  };
}

/**
 * The options that http-proxy fills in and hands to http.request, with path and headers beyond its reach: it would merge double slashes
 * (which Antom's signatures cover), lower-case and fold header lines, and pass on those that `Connection` nominates.
 */
function sealOutgoing({ wire, origin }: StreamedCall): object {
  const headers = outgoingHeaders(wire, origin);
  return Object.defineProperties({}, { path: fixedProperty(wire.head.path), headers: fixedProperty(headers) });
}

function fixedProperty(value: unknown): PropertyDescriptor {
  return { enumerable: true, get: () => value, set: () => undefined };
}

/** The client's own lines in their order and case, less those of one connection, with the origin's Host and one framing. */
function outgoingHeaders({ head, hasBody }: StreamedWire, origin: string): string[] {
  const headers = endToEnd(head.headers, ENDING_HERE);
  const framed = headerValue(headers, "content-length") !== undefined;
  if (hasBody && !framed) headers.push("Transfer-Encoding", "chunked");
  if (!hasBody && !framed && !/^(?:GET|HEAD|OPTIONS|TRACE)$/.test(head.method)) headers.push("Content-Length", "0");
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

/** No gateway's words: a streamed call is none of the proxy's business but its delivery. */
function refuse(wire: StreamedWire, error: Error): void {
  const { kind, detail } = describeFailure(error);
  const body = `the gateway could not be reached: ${detail}\n`;
  const status = kind === "timeout" ? 504 : 502;
  const length = String(Buffer.byteLength(body));
  wire.respond(status, ["content-type", "text/plain; charset=utf-8", "content-length", length, "x-fault-outcome", "failed"]);
  wire.out.end(body);
}
