/** One streamed call between two connections: its deadlines, its cancellation, and what becomes of either side when the other fails. */
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Readable, Writable } from "node:stream";
import { endToEnd } from "../http/hop-by-hop.ts";
import type { RawHeaders, RequestHead } from "../http/message.ts";
import type { GoneSignal, StreamResult, UpstreamFailure } from "../ports/ports.ts";
import { type Countdown, createCountdown } from "./deadlines.ts";
import { describeFailure } from "./failure.ts";
import { GONE } from "./flight.ts";

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

/** What http-proxy's events are handed to. */
export interface Passage {
  /** Aborts the request wherever it is, also while its connection is being dialled. */
  readonly signal: AbortSignal;
  /** The request has its connection. */
  onOutgoing(request: ClientRequest): void;
  onAnswer(answer: IncomingMessage): void;
  onError(error: Error): void;
}

export interface PassageOptions {
  /** The request's body: what had been read of it, then the client's. */
  readonly body: Readable;
  /** The client, whose half-close counts until the request goes out. */
  readonly gone: GoneSignal | undefined;
  readonly timeoutMs: number;
  /** Called with how the call ended; only the first call counts. */
  readonly resolve: (result: StreamResult) => void;
}

/** A call on its way. A failure before the answer leaves the client to the caller; one after it breaks the client's connection off. */
export function createPassage(wire: StreamedWire, { body, gone, timeoutMs, resolve }: PassageOptions): Passage {
  const cancelling = new AbortController();
  let outgoing: ClientRequest | undefined;
  let status: number | undefined;
  let over = false;
  const end = (result: StreamResult): void => {
    over = true;
    countdown.end();
    if (result.kind === "failed") cancelling.abort();
    stopUpload(wire, body, outgoing);
    resolve(result);
  };
  const fail = (failure: UpstreamFailure): void => {
    if (over) return;
    const begun = wire.hasResponded();
    end({ kind: "failed", failure, begun });
    if (begun) wire.reset();
  };
  const countdown = createCountdown(timeoutMs, () => fail(late(timeoutMs, outgoing)));
  onHalfClose(gone, () => outgoing === undefined && fail(GONE));
  wire.out.once("close", () => {
    // An HTTP/2 stream may close before it counts as finished; `ended` means that the gateway's whole answer was passed on.
    if (over) return;
    if (wire.out.writableEnded && status !== undefined) end({ kind: "answered", status });
    else end({ kind: "failed", failure: GONE, begun: wire.hasResponded() });
  });
  return {
    signal: cancelling.signal,
    onOutgoing(request) {
      outgoing = request;
      if (over) return void request.destroy();
      // Nobody asked for another protocol; Node would drop the connection without a word.
      request.once("upgrade", () => fail({ kind: "other", detail: "the gateway changed the protocol without being asked" }));
      watchUpload(request, body, countdown);
    },
    onAnswer(answer) {
      status = answer.statusCode ?? 502;
      if (outgoing?.writableFinished !== true) countdown.start();
      answer.once("error", (error) => fail(describeFailure(error)));
      try {
        wire.respond(status, endToEnd(answer.rawHeaders));
      } catch (error) {
        return fail(describeFailure(error));
      }
      answer.once("end", () => stopUpload(wire, body, outgoing));
      passOn(answer, wire.out, countdown);
    },
    onError: (error) => fail(describeFailure(error)),
  };
}

function onHalfClose(gone: GoneSignal | undefined, listener: () => void): void {
  if (gone?.ended === true) listener();
  gone?.addEventListener("end", listener);
}

/** The time runs while the gateway does not take the request's bytes, and from the last of them on; never while the client sends none. */
function watchUpload(request: ClientRequest, body: Readable, countdown: Countdown): void {
  const onPause = (): void => countdown.start();
  const onResume = (): void => countdown.pause();
  if (body.isPaused()) onPause();
  body.on("pause", onPause).on("resume", onResume);
  request.once("finish", () => {
    body.off("pause", onPause).off("resume", onResume);
    countdown.start();
  });
}

/** Sends the answer's body on, as fast as the client takes it: its slowness is not the gateway's. */
function passOn(answer: IncomingMessage, out: Writable, countdown: Countdown): void {
  answer.on("data", (chunk: Buffer) => {
    if (out.write(chunk)) return;
    answer.pause();
    countdown.pause();
  });
  out.on("drain", () => {
    countdown.resume();
    answer.resume();
  });
  answer.once("end", () => {
    countdown.end();
    out.end();
  });
}

/** A request that has not been sent whole leaves a connection that nothing may follow on; what the client still sends is for nobody. */
function stopUpload(wire: StreamedWire, body: Readable, outgoing: ClientRequest | undefined): void {
  if (outgoing?.writableFinished === true) return;
  outgoing?.destroy();
  body.unpipe();
  wire.body.unpipe();
  wire.body.resume();
}

function late(timeoutMs: number, outgoing: ClientRequest | undefined): UpstreamFailure {
  const what = outgoing?.writableFinished === true ? "the answer was not whole after" : "the gateway took no bytes of the request for";
  return { kind: "timeout", detail: `${what} ${timeoutMs} ms` };
}
