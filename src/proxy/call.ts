/** One call: the record that is filled in stage by stage, and what its stages need until it is over. */
import type { Clock } from "../base/clock.ts";
import type { Delivery } from "../faults/fault.ts";
import type { HttpRequest, RequestHead } from "../http/message.ts";
import type { Arrival, CallRecord, Destination, GoneSignal, Identity, RefusalReason, UpstreamFailure } from "../ports/ports.ts";
import type { Firing } from "../rules/rule.ts";
import { NO_EFFECTS, type Sorted } from "./sort-effects.ts";
import type { Transport } from "./transport.ts";

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/** The call itself, which everybody else sees as a CallRecord. Plain data: it is kept when the call is over. */
export interface Call extends Writable<Omit<CallRecord, "request">> {
  readonly request: Writable<HttpRequest>;
}

/**
 * What is left to be done. `exchange`: its body is read and rules may act. `stream`: it is carried untouched. `refused`: the proxy answers it.
 * `over`: nothing; the client has its answer, or none can be given.
 */
export type Lane = "exchange" | "stream" | "refused" | "over";

/** A call on its way through the stages. `Wire` is the listener's own; only `transport` looks at it. */
export interface Passing<Wire = unknown> {
  readonly call: Call;
  /** The clock's steady reading when the head had come. */
  readonly startedAtMs: number;
  readonly wire: Wire;
  readonly transport: Transport<Wire>;
  gone: GoneSignal;
  lane: Lane;
  /** Where to call; undefined until the call is admitted. */
  destination: Destination | undefined;
  /** Why it is refused, for a person. */
  refusalMessage: string;
  /** What was read of a body that is streamed. */
  prefix: readonly Buffer[];
  /** The request as the gateway gets it. */
  outgoing: HttpRequest;
  /** The rule that acts; undefined: the call is forwarded. */
  firing: Firing | undefined;
  effects: Sorted;
  /** What is done to the connection instead of, or while, answering. */
  delivery: Delivery | undefined;
  /** False where nobody is there to be answered, or a rule lets nobody be. */
  isAnswered: boolean;
  /** Steady reading when the answer was decided; undefined until then. */
  decidedAtMs: number | undefined;
  /** The stages are over. */
  isSettled: boolean;
  /** The client's side is over. */
  isClosed: boolean;
}

/** What a listener knows of a call when its head has come. */
export interface Arriving<Wire> {
  readonly head: RequestHead;
  readonly arrival: Arrival;
  readonly wire: Wire;
  readonly transport: Transport<Wire>;
}

/** The delivery of a call whose client left before it was answered. */
export const CLIENT_GONE = "client-gone";

/** No body. */
export const NO_BODY = Buffer.alloc(0);

/** A client that never leaves. */
const NEVER: GoneSignal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };

const UNIDENTIFIED: Identity = {
  operation: undefined,
  clientId: undefined,
  apiKey: undefined,
  standing: { kind: "refused", reason: "path", message: "the call ended before it was identified" },
};

/** A call whose head has come, with its id. */
export function beginCall<Wire>(
  { head, arrival, wire, transport }: Arriving<Wire>,
  { clock, nextId }: { readonly clock: Clock; readonly nextId: () => string },
): Passing<Wire> {
  const { method, target, path, authority, headers } = head;
  const request = { method, target, path, authority, headers, body: NO_BODY };
  return {
    call: newCall(nextId(), clock.wall(), { request, arrival }),
    startedAtMs: clock.steady(),
    wire,
    transport,
    gone: NEVER,
    lane: "exchange",
    destination: undefined,
    refusalMessage: "",
    prefix: [],
    outgoing: request,
    firing: undefined,
    effects: NO_EFFECTS,
    delivery: undefined,
    isAnswered: true,
    decidedAtMs: undefined,
    isSettled: false,
    isClosed: false,
  };
}

function newCall(id: string, startedAtMs: number, { request, arrival }: Pick<Call, "request" | "arrival">): Call {
  // One literal with every field, in one order: all calls share one hidden class.
  return {
    id,
    startedAtMs,
    durationMs: 0,
    waitMs: undefined,
    upstreamMs: undefined,
    deliveryMs: undefined,
    arrival,
    request,
    identity: UNIDENTIFIED,
    outcome: "failed",
    rule: undefined,
    resultCode: undefined,
    upstreamResponse: undefined,
    response: undefined,
    verdict: undefined,
    failure: undefined,
    refusal: undefined,
    delivery: "whole",
    deliveryEnd: "aborted",
    sentBytes: 0,
  };
}

/** Lets the proxy answer the call in the gateway's place; `message` is for a person. */
export function refuse(passing: Passing, reason: RefusalReason, message: string): void {
  passing.lane = "refused";
  passing.call.outcome = "refused";
  passing.call.refusal = reason;
  passing.refusalMessage = message;
}

/** Ends the call without an answer. */
export function fail(passing: Passing, failure: UpstreamFailure, delivery: string): void {
  passing.isAnswered = false;
  passing.call.failure = failure;
  passing.call.delivery = delivery;
}
