/** One streamed call between two connections: deadlines, cancellation, and error handling on either side. */
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Readable, Writable } from "node:stream";
import { endToEnd } from "../http/hop-by-hop.ts";
import type { RawHeaders, RequestHead } from "../http/message.ts";
import type { GoneSignal, StreamResult, UpstreamFailure } from "../ports/ports.ts";
import { type Countdown, createCountdown } from "./deadlines.ts";
import { describeFailure } from "./failure.ts";
import { GONE } from "./flight.ts";

/** The client's side of a streamed call; implemented by the listeners' Wire. */
export interface StreamedWire {
  readonly head: RequestHead;
  readonly body: Readable;
  readonly hasBody: boolean;
  readonly out: Writable;
  /** Body bytes of the answer passed on so far. */
  sentBytes: number;
  respond(status: number, headers: RawHeaders): void;
  hasResponded(): boolean;
  reset(): void;
}

/** Handlers of http-proxy's events. */
export interface Passage {
  /** Aborts the request at any stage, including dialling. */
  readonly signal: AbortSignal;
  /** Called when the request has its connection. */
  onOutgoing(request: ClientRequest): void;
  onAnswer(answer: IncomingMessage): void;
  onError(error: Error): void;
}

export interface PassageOptions {
  /** The request's body: the bytes already read, then the client's stream. */
  readonly body: Readable;
  /** The client; its half-close cancels the call only until the request is sent. */
  readonly gone: GoneSignal | undefined;
  readonly timeoutMs: number;
  /** Called with the result of the call; only the first call has an effect. */
  readonly resolve: (result: StreamResult) => void;
}

/** Creates a streamed call. A failure before the answer is reported to the caller; a later one closes the client's connection. */
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
    // An HTTP/2 stream may close before it counts as finished; `ended` means that the whole answer was passed on.
    if (over) return;
    if (wire.out.writableEnded && status !== undefined) end({ kind: "answered", status });
    else end({ kind: "failed", failure: GONE, begun: wire.hasResponded() });
  });
  return {
    signal: cancelling.signal,
    onOutgoing(request) {
      outgoing = request;
      if (over) return void request.destroy();
      // The request asked for no protocol change; Node would close the connection silently.
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
      passOn(answer, wire, countdown);
    },
    onError: (error) => fail(describeFailure(error)),
  };
}

function onHalfClose(gone: GoneSignal | undefined, listener: () => void): void {
  if (gone?.ended === true) listener();
  gone?.addEventListener("end", listener);
}

/** The countdown runs while the gateway accepts no request bytes, and after the last of them; not while the client sends nothing. */
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

/** Forwards the answer's body at the client's pace; the client's slowness does not count against the gateway. */
function passOn(answer: IncomingMessage, wire: StreamedWire, countdown: Countdown): void {
  const { out } = wire;
  answer.on("data", (chunk: Buffer) => {
    wire.sentBytes += chunk.length;
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

/** A partly sent request makes its connection unusable; the rest of the client's body is discarded. */
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
