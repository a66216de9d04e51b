/** The exchange lane: one buffered call to the gateway's side with undici, header lines kept raw in both directions. */
import type { Dispatcher } from "undici";
import { endingHere, endToEnd } from "../http/hop-by-hop.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Destination, GoneSignal, Upstream, UpstreamResult } from "../ports.ts";
import { endOfTurn } from "../turn.ts";
import { describeFailure } from "./failure.ts";

export interface ExchangeOptions {
  /** The connections to an origin (`https://host[:port]`) by one protocol; kept open between calls. */
  readonly dispatcherFor: (origin: string, protocol: Destination["protocol"]) => Dispatcher;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest answer body in bytes; a larger one is a failure of kind `too-large`. */
  readonly maxBodyBytes: number;
}

/** Besides the hop-by-hop ones: undici writes the origin's Host and the length of what it sends, and `expect` was met by the listener. */
const ENDING_HERE = endingHere("host", "content-length", "expect");

/** The exchange lane over these connections. A call is never repeated: it may have moved money. */
export function createExchange(options: ExchangeOptions): Upstream {
  return {
    exchange: (request, destination, signal) =>
      new Promise((resolve) => {
        endOfTurn().then(
          () => dispatch({ request, destination, signal, resolve }, options),
          () => undefined,
        );
      }),
  };
}

interface Call {
  readonly request: HttpRequest;
  readonly destination: Destination;
  readonly signal: GoneSignal;
  readonly resolve: (result: UpstreamResult) => void;
}

function dispatch(call: Call, options: ExchangeOptions): void {
  const { request, destination } = call;
  if (call.signal.aborted) {
    call.resolve(cancelled());
    return;
  }
  const { timeoutMs } = options;
  const length = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  const method = methodOf(request.method);
  const headers = endToEnd(request.headers, ENDING_HERE);
  try {
    options
      .dispatcherFor(destination.origin, destination.protocol)
      .dispatch({ path: request.path, method, headers, body: request.body, ...length }, createCollector(call, options));
  } catch (error) {
    call.resolve({ kind: "failure", failure: describeFailure(error) });
  }
}

/** Gathers one answer. undici's older handler: the newer one makes an object of the header lines, at 1 to 4 % of a call, and shows the lines as written to nobody. */
function createCollector(call: Call, options: ExchangeOptions): Dispatcher.DispatchHandler {
  let status = 0;
  let headers: readonly Buffer[] = [];
  let bodyBytes = 0;
  // undici's limits hold between two pieces; an answer that drips needs one for the whole.
  const deadline = performance.now() + options.timeoutMs;
  let late = false;
  const chunks: Buffer[] = [];
  let abort = (_reason: Error): void => undefined;
  const onGone = (): void => abort(new Error("the client has gone"));
  const settle = (result: UpstreamResult): void => {
    call.signal.removeEventListener("abort", onGone);
    call.resolve(result);
  };
  return {
    onConnect(abortCall) {
      abort = abortCall;
      call.signal.addEventListener("abort", onGone);
    },
    onHeaders(statusCode, rawHeaders) {
      status = statusCode;
      headers = rawHeaders;
      return true;
    },
    onData(chunk) {
      bodyBytes += chunk.length;
      late = performance.now() > deadline;
      if (bodyBytes > options.maxBodyBytes || late) abort(new Error("given up"));
      else chunks.push(chunk);
      return true;
    },
    onComplete() {
      const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
      settle({ kind: "answer", response: { status, headers: endToEnd(headers.map(textOf)), body } });
    },
    onError(error) {
      if (call.signal.aborted) settle(cancelled());
      else if (bodyBytes > options.maxBodyBytes) settle(tooLarge(options.maxBodyBytes));
      else if (late) settle(dripping(options.timeoutMs));
      else settle({ kind: "failure", failure: describeFailure(error) });
    },
  };
}

/** Heads are bytes of the wire, a character each. */
function textOf(part: Buffer): string {
  return part.toString("latin1");
}

function methodOf(method: string): Dispatcher.HttpMethod {
  // undici's type lists the common methods; any token goes over the wire.
  return method as Dispatcher.HttpMethod;
}

function cancelled(): UpstreamResult {
  return { kind: "failure", failure: { kind: "cancelled", detail: "the client closed the connection before the answer came" } };
}

function dripping(timeoutMs: number): UpstreamResult {
  return { kind: "failure", failure: { kind: "timeout", detail: `the answer was not whole after ${timeoutMs} ms` } };
}

function tooLarge(limitBytes: number): UpstreamResult {
  return { kind: "failure", failure: { kind: "too-large", detail: `the answer's body is larger than ${limitBytes} bytes` } };
}
