/** One request from the wire through the core and back: admission, body, answer; the one place that catches a call's bug. */

import type { Moment } from "../base/clock.ts";
import { endOfLoopTurn } from "../base/event-loop.ts";
import { callListener, reportError } from "../base/subscribers.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Arrival, GoneSignal, StreamResult, UpstreamFailure } from "../ports/ports.ts";
import type { Admission } from "../proxy/admit.ts";
import type { Core } from "../proxy/handle.ts";
import { watchClient } from "./connection/client-gone.ts";
import type { OnCall } from "./connection/door.ts";
import { readBody } from "./wire/read-body.ts";
import type { Wire } from "./wire/wire.ts";
import { writeAnswer } from "./wire/write-answer.ts";

/** Carries one call untouched; a call that failed before anything was sent to the client is answered here. */
export type Stream = (call: {
  readonly wire: Wire;
  readonly origin: string;
  readonly gone: GoneSignal;
  /** Body bytes already read. */
  readonly prefix: readonly Buffer[];
}) => Promise<StreamResult>;

export interface ExchangeParts {
  readonly core: Core;
  readonly stream: Stream;
  /** Bodies up to this size are read whole; larger ones are streamed untouched. */
  readonly maxBodyBytes: number;
  /** Counts a call in when its head has come, and out when its answer is over. */
  readonly inFlight: { begin(): void; end(): void };
  /** Aborts when the listeners stop: calls that a rule leaves without an answer are reset then. */
  readonly halt: GoneSignal;
  /** Told of a bug in a call; the client has been answered 500. */
  readonly onBug: (error: unknown) => void;
}

const NO_BODY = Buffer.alloc(0);

const BODY_BROKE_OFF: UpstreamFailure = { kind: "cancelled", detail: "the request ended before its body was whole" };
const BUG: UpstreamFailure = { kind: "other", detail: "a bug in the proxy ended the call; the log has its stack" };

/** A call that has reached the guard; it leaves one record, however it ends. */
interface Begun {
  readonly wire: Wire;
  readonly arrival: Arrival;
  readonly startedAt: Moment;
  readonly gone: GoneSignal;
  admission: Admission;
  isRecorded: boolean;
}

/** What every listener does with a call. */
export function createRequestHandler(parts: ExchangeParts): OnCall {
  const { core, inFlight } = parts;
  return (wire, arrival) => {
    inFlight.begin();
    const gone = watchClient(wire, inFlight.end);
    let call: Begun | undefined;
    try {
      call = { wire, arrival, startedAt: core.now(), gone, admission: core.admit(wire.head, arrival), isRecorded: false };
    } catch (error) {
      return onBug(error, wire, undefined, parts);
    }
    answer(call, parts).catch((error: unknown) => onBug(error, wire, call, parts));
  };
}

function onBug(error: unknown, wire: Wire, call: Begun | undefined, parts: ExchangeParts): void {
  reportError(error, parts.onBug);
  callListener(() => endBroken(wire, call, parts), undefined, parts.onBug);
}

/** Answers 500, or resets where an answer has begun. */
function endBroken(wire: Wire, call: Begun | undefined, parts: ExchangeParts): void {
  const status = wire.hasResponded() ? undefined : 500;
  if (call?.isRecorded === false) breakOff(call, BUG, status, parts);
  if (status === undefined) {
    wire.reset();
    return;
  }
  wire.respond(status, ["content-length", "0"]);
  wire.out.end();
}

function breakOff(call: Begun, failure: UpstreamFailure, status: number | undefined, { core }: ExchangeParts): void {
  call.isRecorded = true;
  const { wire, arrival, admission, startedAt } = call;
  core.brokeOff({ head: wire.head, arrival, admission, startedAt, failure, status });
}

async function answer(call: Begun, parts: ExchangeParts): Promise<void> {
  const { core } = parts;
  const { wire, arrival, gone } = call;
  const { head } = wire;
  if (call.admission.kind === "stream") return await carry(call, [], parts);
  const read = call.admission.kind === "refused" ? ({ kind: "whole", body: NO_BODY } as const) : await readBody(wire, parts.maxBodyBytes);
  if (read.kind === "broken") return breakOff(call, BODY_BROKE_OFF, undefined, parts);
  if (read.kind === "over-limit") {
    call.admission = core.admitUnread(head, call.admission);
    if (call.admission.kind !== "refused") return await carry(call, read.prefix, parts);
  }
  const { method, target, path, authority, headers } = head;
  const request: HttpRequest = { method, target, path, authority, headers, body: read.kind === "whole" ? read.body : NO_BODY };
  const handling = core.handle({ request, arrival, admission: call.admission, signal: gone });
  const reply = handling instanceof Promise ? await handling : handling;
  call.isRecorded = true;
  // What is done to the connection instead of an answer is not put off.
  if (reply.response !== undefined) await endOfLoopTurn();
  const writing = writeAnswer(wire, reply, { gone, halt: parts.halt });
  if (writing !== undefined) await writing;
}

async function carry(call: Begun, prefix: readonly Buffer[], { core, stream, halt }: ExchangeParts): Promise<void> {
  const { wire, arrival, admission, gone } = call;
  if (admission.kind === "refused") return;
  const startedAt = core.now();
  const result = await stream({ wire, origin: admission.destination.origin, gone, prefix });
  const concluding = core.streamed({ head: wire.head, arrival, admission, startedAt, result });
  const reply = await concluding;
  call.isRecorded = true;
  if (reply !== undefined) await writeAnswer(wire, reply, { gone, halt });
}
