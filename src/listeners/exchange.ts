/** One request from the wire through the core and back: admission, body, answer; the one place that catches a call's bug. */
import type { HttpRequest } from "../http/message.ts";
import type { Arrival, GoneSignal, StreamResult } from "../ports.ts";
import type { Admission } from "../proxy/admit.ts";
import type { Core } from "../proxy/handle.ts";
import { endOfTurn } from "../turn.ts";
import { watchClient } from "./client-gone.ts";
import type { OnCall } from "./door.ts";
import { readBody } from "./read-body.ts";
import type { Wire } from "./wire.ts";
import { writeAnswer } from "./write-answer.ts";

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

/** What every listener does with a call. */
export function createRequestHandler(parts: ExchangeParts): OnCall {
  return (wire, arrival) => {
    answer(wire, arrival, parts).catch((error: unknown) => {
      parts.onBug(error);
      if (wire.hasResponded()) wire.reset();
      else {
        wire.respond(500, ["content-length", "0"]);
        wire.out.end();
      }
    });
  };
}

async function answer(wire: Wire, arrival: Arrival, parts: ExchangeParts): Promise<void> {
  const { core, inFlight } = parts;
  const { head } = wire;
  inFlight.begin();
  const signal = watchClient(wire, inFlight.end);
  let admission = core.admit(head, arrival);
  if (admission.kind === "stream") return await carry({ wire, arrival, admission, gone: signal, prefix: [] }, parts);
  const read = admission.kind === "refused" ? ({ kind: "whole", body: NO_BODY } as const) : await readBody(wire, parts.maxBodyBytes);
  if (read.kind === "broken") return;
  if (read.kind === "over-limit") {
    admission = core.admitUnread(head, admission);
    if (admission.kind !== "refused") return await carry({ wire, arrival, admission, gone: signal, prefix: read.prefix }, parts);
  }
  const { method, target, path, authority, headers } = head;
  const request: HttpRequest = { method, target, path, authority, headers, body: read.kind === "whole" ? read.body : NO_BODY };
  const handling = core.handle({ request, arrival, admission, signal });
  const reply = handling instanceof Promise ? await handling : handling;
  // What is done to the connection instead of an answer is not put off.
  if (reply.response !== undefined) await endOfTurn();
  const writing = writeAnswer(wire, reply, { gone: signal, halt: parts.halt });
  if (writing !== undefined) await writing;
}

interface Carried {
  readonly wire: Wire;
  readonly arrival: Arrival;
  readonly admission: Admission;
  readonly gone: GoneSignal;
  readonly prefix: readonly Buffer[];
}

async function carry(call: Carried, { core, stream, halt }: ExchangeParts): Promise<void> {
  if (call.admission.kind === "refused") return;
  const startedAt = core.now();
  const { wire, arrival, admission, gone, prefix } = call;
  const result = await stream({ wire, origin: call.admission.destination.origin, gone, prefix });
  const reply = await core.streamed({ head: wire.head, arrival, admission, startedAt, result });
  if (reply !== undefined) await writeAnswer(wire, reply, { gone, halt });
}
