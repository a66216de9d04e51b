/** One call from its head to its answer: who is it, may it pass, does a rule act, what is sent; and one record for the observers. */
import type { Delivery } from "../faults/fault.ts";
import { dropHeaders, nameSet } from "../http/headers.ts";
import type { HttpRequest, HttpResponse, RequestHead } from "../http/message.ts";
import type { Arrival, Clock, Gateway, GoneSignal, UpstreamFailure } from "../ports.ts";
import { CALLER_HEADER, type ReadCallerFault } from "../rules/caller-faults.ts";
import type { Facts, Firing } from "../rules/rule.ts";
import { type Admission, type AdmitParts, admit } from "./admit.ts";
import { createFacts } from "./facts.ts";
import { mark } from "./markers.ts";
import { type PerformParts, perform } from "./perform.ts";
import { describePerformed, type RecordParts, record, ruleOf } from "./record.ts";

export interface HandleParts extends PerformParts, AdmitParts, RecordParts {
  readonly clock: Clock;
  readonly gateway: Gateway;
  /** The first rule that matches and fires; undefined: forward. */
  readonly select: (facts: Facts) => Promise<Firing | undefined> | Firing | undefined;
  /** Faults that the caller asks for; undefined: its header is forwarded like any other. */
  readonly readCallerFault?: ReadCallerFault | undefined;
}

/** What the listener sends. */
export interface Reply {
  /** Undefined: no answer; `delivery` says what happens to the connection. */
  readonly response: HttpResponse | undefined;
  readonly delivery: Delivery | undefined;
}

/** A call that was read whole. */
export interface Call {
  readonly request: HttpRequest;
  readonly arrival: Arrival;
  readonly admission: Admission;
  /** Aborts when the client has gone. */
  readonly signal: GoneSignal;
}

/** A call that was carried without being read. */
export interface CarriedCall {
  readonly head: RequestHead;
  readonly arrival: Arrival;
  readonly admission: Admission;
  readonly startedAtMs: number;
  /** Of the answer; undefined: it failed. */
  readonly status: number | undefined;
}

export interface Core {
  admit(head: RequestHead, arrival: Arrival): Admission;
  /** Answers an admitted call. Rejects on a bug only. */
  handle(call: Call): Promise<Reply>;
  /** Records a call that the stream lane carried. */
  streamed(call: CarriedCall): void;
  now(): number;
}

const CLIENT_GONE: UpstreamFailure = { kind: "cancelled", detail: "the client closed the connection before it was answered" };
const NO_BODY = Buffer.alloc(0);
const CALLER_LINE = nameSet([CALLER_HEADER]);

/** The core of the proxy with its parts; knows nothing of sockets nor of any gateway. */
export function createCore(parts: HandleParts): Core {
  return {
    now: () => parts.clock.now(),
    admit: (head, arrival) => admit(head, arrival, parts),
    handle: (call) => (call.admission.kind === "refused" ? refuse(call, call.admission, parts) : exchange(call, call.admission, parts)),
    streamed({ head, arrival, admission, startedAtMs, status }) {
      const response = status === undefined ? undefined : { status, headers: [], body: NO_BODY };
      const failure = status === undefined ? ({ kind: "other", detail: "the streamed call did not finish" } as const) : undefined;
      const request = { ...head, body: NO_BODY };
      const outcome = status === undefined ? "failed" : "forwarded";
      record(parts, { request, arrival, identity: admission.identity, startedAtMs }, { outcome, response, failure, delivery: "streamed" });
    },
  };
}

async function refuse({ request, arrival }: Call, admission: Extract<Admission, { kind: "refused" }>, parts: HandleParts): Promise<Reply> {
  const { gateway } = parts;
  const startedAtMs = parts.clock.now();
  const refusal = mark(gateway.refusal(admission.message), "refused", undefined, gateway.reservedWords);
  const { identity } = admission;
  const sealed = await gateway.seal({ request, identity, response: refusal, from: "proxy", changed: true });
  const { response, resultCode } = sealed;
  record(parts, { request, arrival, identity, startedAtMs }, { outcome: "refused", response, resultCode, refusal: admission.reason });
  return { response, delivery: undefined };
}

async function exchange(call: Call, admission: Exclude<Admission, { kind: "refused" }>, parts: HandleParts): Promise<Reply> {
  const { request, arrival, signal } = call;
  const startedAtMs = parts.clock.now();
  const { identity, destination } = admission;
  const facts = createFacts(request, identity, arrival, startedAtMs);
  const caller = parts.readCallerFault?.(facts);
  if (caller?.kind === "wrong")
    return await refuse(call, { kind: "refused", identity, reason: CALLER_HEADER, message: caller.message }, parts);
  const chosen = caller?.kind === "fires" ? caller.firing : parts.select(facts);
  // Mostly no promise: waiting for it would put the call behind others.
  const firing = chosen instanceof Promise ? await chosen : chosen;
  const outgoing = caller === undefined ? request : withoutCallerHeader(request);
  const beginning = { request, arrival, identity, startedAtMs };
  try {
    const performed = await perform({ request: outgoing, identity, destination, firing, signal }, parts);
    record(parts, beginning, describePerformed(performed, firing));
    return { response: performed.sealed?.response, delivery: performed.delivery };
  } catch (error) {
    if (!signal.aborted) throw error;
    // A client that gives up on a rule's delay has met the fault that was asked for.
    const outcome = firing === undefined ? "failed" : "injected";
    record(parts, beginning, { outcome, rule: ruleOf(firing), failure: CLIENT_GONE, delivery: "client-gone" });
    return { response: undefined, delivery: undefined };
  }
}

function withoutCallerHeader(request: HttpRequest): HttpRequest {
  return { ...request, headers: dropHeaders(request.headers, CALLER_LINE) };
}
