/** The exchange lane: sends one buffered call to the gateway, with raw header lines in both directions. */

import { endOfLoopTurn } from "../base/event-loop.ts";
import { endingHere, endToEnd } from "../http/hop-by-hop.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Destination, GoneSignal, Upstream, UpstreamFailure, UpstreamResult } from "../ports/ports.ts";
import type { Collector, Connection, Outgoing } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { describeFailure } from "./failure.ts";
import { createFlight, type Flight, failed, GONE } from "./flight.ts";

export interface ExchangeOptions {
  readonly connections: Pick<Connections, "take" | "open" | "release">;
  /** Longest wait for the whole answer, dialling included, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest answer body in bytes; a larger one is a failure of kind `too-large`. */
  readonly maxBodyBytes: number;
  /** The value of the `Via` header to add for an origin; undefined: none. */
  readonly viaFor?: ((origin: string) => string | undefined) | undefined;
}

/** Removed besides hop-by-hop headers: the connection writes Host and Content-Length, and the listener has handled Expect. */
const ENDING_HERE = endingHere("host", "content-length", "expect");

/** Creates the exchange lane over these connections. A call is never repeated, because it may have moved money. */
export function createExchange(options: ExchangeOptions): Upstream {
  return {
    exchange: (request, destination, signal) =>
      new Promise((resolve) => {
        endOfLoopTurn().then(
          () => begin({ request, destination, signal, resolve }, options),
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

function begin(call: Call, options: ExchangeOptions): void {
  if (call.signal.aborted || call.signal.ended === true) {
    call.resolve(failed(GONE));
    return;
  }
  const outgoing = outgoingOf(call.request, options.viaFor?.(call.destination.origin));
  const flight = createFlight(call.signal, options.timeoutMs, call.resolve);
  const known = options.connections.take(call.destination);
  if (known !== undefined) send(known, outgoing, { call, options, flight, isKept: true });
  else openAndSend(outgoing, { call, options, flight, isKept: false });
}

function outgoingOf({ method, path, headers: given, body }: HttpRequest, via: string | undefined): Outgoing {
  const headers = endToEnd(given, ENDING_HERE);
  if (via !== undefined) headers.push("Via", via);
  return { method, path, headers, body };
}

interface Sending {
  readonly call: Call;
  readonly options: ExchangeOptions;
  readonly flight: Flight;
  /** The connection was kept from an earlier call and may have been closed since. */
  readonly isKept: boolean;
}

function openAndSend(outgoing: Outgoing, { call, options, flight }: Sending): void {
  options.connections.open(call.destination, flight).then(
    (connection) => send(connection, outgoing, { call, options, flight, isKept: false }),
    (error: unknown) => flight.settle(failed(describeFailure(error))),
  );
}

function send(connection: Connection, outgoing: Outgoing, sending: Sending): void {
  const { call, options, flight } = sending;
  // The client disconnected while the connection was opened; the next call can use it.
  if (flight.aborted) {
    options.connections.release(call.destination, connection);
    return;
  }
  try {
    connection.send(outgoing, createCollector(connection, outgoing, sending));
  } catch (error) {
    flight.settle(failed(describeFailure(error)));
    options.connections.release(call.destination, connection);
  }
}

/** Collects one answer. */
function createCollector(connection: Connection, outgoing: Outgoing, sending: Sending): Collector {
  const { call, options, flight } = sending;
  let sent = false;
  let status = 0;
  let headers: readonly (Buffer | string)[] = [];
  let bodyBytes = 0;
  const chunks: Buffer[] = [];
  const settleAnswer = (): void => {
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    flight.settle({ kind: "answer", response: { status, headers: endToEnd(headers.map(textOf)), body } });
  };
  return {
    onConnect(abort) {
      if (flight.aborted) return abort();
      sent = true;
      flight.goesOut();
      connection.expectAnswer();
      flight.addEventListener("abort", abort);
    },
    onHeaders(statusCode, rawHeaders) {
      status = statusCode;
      headers = rawHeaders;
      return true;
    },
    onData(chunk) {
      bodyBytes += chunk.length;
      if (bodyBytes > options.maxBodyBytes) flight.giveUp(tooLarge(options.maxBodyBytes));
      else chunks.push(chunk);
      return true;
    },
    onComplete() {
      options.connections.release(call.destination, connection);
      settleAnswer();
    },
    onError(error) {
      connection.destroy();
      // undici expects the body that the Content-Length of a 304 announces; a 304 has none (RFC 9110 §8.6).
      if (status === 304 && !flight.aborted && "code" in error && error.code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") settleAnswer();
      // Nothing was written, so this is not a repetition of the call.
      else if (!sent && sending.isKept && !flight.aborted) openAndSend(outgoing, sending);
      else flight.settle(failed(describeFailure(error)));
    },
  };
}

/** Heads are bytes of the wire, one character per byte. */
function textOf(part: Buffer | string): string {
  return typeof part === "string" ? part : part.toString("latin1");
}

function tooLarge(limitBytes: number): UpstreamFailure {
  return { kind: "too-large", detail: `the answer's body is larger than ${limitBytes} bytes` };
}
