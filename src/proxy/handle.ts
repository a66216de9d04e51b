/** One call from its head to its answer: who is it, may it pass, does a rule act, what is sent; and one record for the observers. */

import { type Clock, type Moment, momentOf } from "../base/clock.ts";
import { type MaybePromise, mapMaybePromise } from "../base/maybe-promise.ts";
import type { Delivery } from "../faults/fault.ts";
import { dropHeaders, headerValue, nameSet } from "../http/headers.ts";
import type { HttpRequest, HttpResponse, RequestHead } from "../http/message.ts";
import type { Arrival, Gateway, GoneSignal, StreamResult, UpstreamFailure } from "../ports/ports.ts";
import { CALLER_HEADER, type ReadCallerFault } from "../rules/caller-faults.ts";
import type { Facts, Firing } from "../rules/rule.ts";
import { type Admission, type AdmitParts, admit } from "./admit.ts";
import { createFacts } from "./facts.ts";
import { ownAnswer } from "./make-answer.ts";
import { mark } from "./markers.ts";
import { DelayCutShort, type Performed, type PerformParts, perform } from "./perform.ts";
import { CLIENT_GONE, describePerformed, type RecordParts, record, ruleOf } from "./record.ts";

export interface HandleParts extends PerformParts, AdmitParts, RecordParts {
  readonly clock: Clock;
  readonly gateway: Gateway;
  /** The first rule that matches and fires; undefined: forward. */
  readonly select: (facts: Facts) => MaybePromise<Firing | undefined>;
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
  readonly startedAt: Moment;
  readonly result: StreamResult;
}

/** A call that was neither handled nor carried. */
export interface BrokenCall {
  readonly head: RequestHead;
  readonly arrival: Arrival;
  readonly admission: Admission;
  readonly startedAt: Moment;
  readonly failure: UpstreamFailure;
  readonly status: number | undefined;
}

export interface Core {
  admit(head: RequestHead, arrival: Arrival): Admission;
  /** `admission` for a call that is carried unread (an upgrade, a body over the limit): refused where the caller asks for a fault, which could not act. */
  admitUnread(head: RequestHead, admission: Admission): Admission;
  /** Answers an admitted call. Throws or rejects on a bug only. */
  handle(call: Call): MaybePromise<Reply>;
  /** Records a call that the stream lane carried. Gives what to do with the client where it failed and the client has been sent nothing. */
  streamed(call: CarriedCall): MaybePromise<Reply | undefined>;
  /** Records a call that ended before it could be handled, or in a bug: `failure` says how; `status` is what the client was sent, if anything. */
  brokeOff(call: BrokenCall): void;
  /** The clock's readings, for `CarriedCall.startedAt`. */
  now(): Moment;
}

const GONE: UpstreamFailure = { kind: "cancelled", detail: "the client closed the connection before it was answered" };
const STOPPED: UpstreamFailure = { kind: "cancelled", detail: "the proxy stopped before the call was answered" };
const NO_BODY = Buffer.alloc(0);
/** Of an answer in which the gateway has no part. */
const OWN = { theirs: undefined, changed: true } as const;
const CALLER_LINE = nameSet([CALLER_HEADER]);

/** The core of the proxy with its parts; knows nothing of sockets nor of any gateway. */
export function createCore(parts: HandleParts): Core {
  return {
    now: () => momentOf(parts.clock),
    admit(head, arrival) {
      const admission = admit(head, arrival, parts);
      return admission.kind === "stream" ? refuseCaller(head, admission, parts) : admission;
    },
    admitUnread: (head, admission) => refuseCaller(head, admission, parts),
    handle: (call) => (call.admission.kind === "refused" ? refuse(call, call.admission, parts) : exchange(call, call.admission, parts)),
    streamed: (call) => concludeStreamed(call, parts),
    brokeOff: ({ head, arrival, admission, startedAt, failure, status }) =>
      record(
        parts,
        { request: { ...head, body: NO_BODY }, arrival, identity: admission.identity, startedAt },
        {
          outcome: "failed",
          failure,
          response: status === undefined ? undefined : { status, headers: [], body: NO_BODY },
          delivery: failure.kind === "cancelled" ? CLIENT_GONE : "whole",
        },
      ),
  };
}

function concludeStreamed(
  { head, arrival, admission, startedAt, result }: CarriedCall,
  parts: HandleParts,
): MaybePromise<Reply | undefined> {
  const { gateway, clock } = parts;
  const { identity } = admission;
  const request = { ...head, body: NO_BODY };
  const upstreamMs = clock.steady() - startedAt.steadyMs;
  const end = (rest: Parameters<typeof record>[2]): void =>
    record(parts, { request, arrival, identity, startedAt }, { upstreamMs, ...rest });
  if (result.kind === "answered") {
    end({ outcome: "forwarded", response: { status: result.status, headers: [], body: NO_BODY }, delivery: "streamed" });
    return undefined;
  }
  const { failure, begun } = result;
  if (begun || failure.kind === "cancelled") {
    end({ outcome: "failed", failure, delivery: failure.kind === "cancelled" ? CLIENT_GONE : "streamed" });
    return begun ? undefined : { response: undefined, delivery: undefined };
  }
  const answer = mark(gateway.failure(failure), "failed", undefined, gateway.reservedWords);
  return mapMaybePromise(gateway.seal({ request, identity, ...ownAnswer(answer, "proxy"), ...OWN }), ({ response, resultCode }) => {
    end({ outcome: "failed", failure, response, resultCode });
    return { response, delivery: undefined };
  });
}

function refuse({ request, arrival }: Call, admission: Extract<Admission, { kind: "refused" }>, parts: HandleParts): MaybePromise<Reply> {
  const { gateway } = parts;
  const { identity, message, reason } = admission;
  const startedAt = momentOf(parts.clock);
  const refusal = mark(gateway.refusal(message), "refused", undefined, gateway.reservedWords);
  return mapMaybePromise(gateway.seal({ request, identity, ...ownAnswer(refusal, "proxy"), ...OWN }), ({ response, resultCode }) => {
    record(parts, { request, arrival, identity, startedAt }, { outcome: "refused", response, resultCode, refusal: reason });
    return { response, delivery: undefined };
  });
}

/** No fault can act on a call that is not read, and the header must not reach the gateway. */
function refuseCaller(head: RequestHead, admission: Admission, { readCallerFault }: HandleParts): Admission {
  if (readCallerFault === undefined || headerValue(head.headers, CALLER_HEADER) === undefined) return admission;
  const message = `\`${CALLER_HEADER}\` cannot act on this call (production, an upgrade, or a body over \`--max-body\`): leave the header out`;
  return { kind: "refused", identity: admission.identity, reason: CALLER_HEADER, message };
}

type Admitted = Exclude<Admission, { kind: "refused" }>;

function exchange(call: Call, admission: Admitted, parts: HandleParts): MaybePromise<Reply> {
  const startedAt = momentOf(parts.clock);
  const { identity } = admission;
  const facts = createFacts(call.request, identity, call.arrival, startedAt.steadyMs);
  const caller = parts.readCallerFault?.(facts);
  if (caller?.kind === "wrong") return refuse(call, { kind: "refused", identity, reason: CALLER_HEADER, message: caller.message }, parts);
  const chosen = caller?.kind === "fires" ? caller.firing : parts.select(facts);
  const outgoing = caller === undefined ? call.request : withoutCallerHeader(call.request);
  const begun = { call, admission, startedAt, outgoing };
  return mapMaybePromise(chosen, (firing) => play(begun, firing, parts));
}

interface Begun {
  readonly call: Call;
  readonly admission: Admitted;
  readonly startedAt: Moment;
  /** The request as it is forwarded. */
  readonly outgoing: HttpRequest;
}

function play({ call, admission, startedAt, outgoing }: Begun, firing: Firing | undefined, parts: HandleParts): MaybePromise<Reply> {
  const { request, arrival, signal } = call;
  const { identity, destination } = admission;
  const beginning = { request, arrival, identity, startedAt };
  const conclude = (performed: Performed): Reply => {
    record(parts, beginning, describePerformed(performed, firing));
    return { response: performed.sealed?.response, delivery: performed.delivery };
  };
  const performing = perform({ request: outgoing, identity, destination, firing, signal }, parts);
  if (!(performing instanceof Promise)) return conclude(performing);
  return performing.then(conclude, (error: unknown) => {
    if (!(error instanceof DelayCutShort)) throw error;
    // A call that ends within a rule's delay has met the fault that was asked for.
    const isStop = error.by === "stop";
    const ending = isStop ? { failure: STOPPED, delivery: "stopped" } : { failure: GONE, delivery: CLIENT_GONE };
    record(parts, beginning, { outcome: "injected", rule: ruleOf(firing), ...ending });
    return { response: undefined, delivery: isStop ? { kind: "reset" } : undefined };
  });
}

function withoutCallerHeader(request: HttpRequest): HttpRequest {
  return { ...request, headers: dropHeaders(request.headers, CALLER_LINE) };
}
