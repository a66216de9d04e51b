/** Carries out what was decided: the one place that waits, calls the gateway, replaces, signs and spoils. Knows no fault by name. */

import type { Clock } from "../base/clock.ts";
import { type MaybePromise, mapMaybePromise } from "../base/maybe-promise.ts";
import type { Delivery } from "../faults/fault.ts";
import type { ContentOf } from "../http/content.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import type {
  Destination,
  Gateway,
  GatewayAnswer,
  GoneSignal,
  Identity,
  Sealed,
  Upstream,
  UpstreamFailure,
  UpstreamResult,
} from "../ports/ports.ts";
import type { Firing } from "../rules/rule.ts";
import { makeAnswer } from "./make-answer.ts";
import { mark } from "./markers.ts";
import { isSilent, NO_EFFECTS, type Sorted, sortEffects } from "./sort-effects.ts";

export interface PerformParts {
  readonly clock: Clock;
  readonly contentOf: ContentOf;
  readonly gateway: Gateway;
  readonly upstream: Upstream;
  /** Aborts when the proxy stops: calls that wait for a rule's delay end then. Undefined: never. */
  readonly halt?: GoneSignal | undefined;
}

export interface Performance {
  readonly request: HttpRequest;
  readonly identity: Identity;
  /** Where to call, if it is called. */
  readonly destination: Destination;
  /** The rule that acts; undefined: the call is forwarded as it is. */
  readonly firing: Firing | undefined;
  /** Aborts when the client has gone. */
  readonly signal: GoneSignal;
}

export interface Performed {
  /** Undefined where the delivery sends no answer. */
  readonly sealed: Sealed | undefined;
  readonly outcome: "forwarded" | "injected" | "failed";
  readonly delivery: Delivery | undefined;
  readonly upstreamMs: number | undefined;
  readonly upstreamResponse: HttpResponse | undefined;
  readonly failure: UpstreamFailure | undefined;
}

/** What came of calling the gateway's side. */
interface Called {
  readonly result: UpstreamResult | undefined;
  readonly upstreamMs: number | undefined;
}

const NOT_CALLED: Called = { result: undefined, upstreamMs: undefined };

/** A rule's delay that ended early: the client has gone, or the proxy stops. */
export class DelayCutShort extends Error {
  readonly by: "client" | "stop";
  constructor(by: "client" | "stop") {
    super(by === "client" ? "the client has gone" : "the proxy stops");
    this.by = by;
  }
}

/** Plays one call to its answer. Rejects with a DelayCutShort when a wait ends early; throws or rejects otherwise on a bug. */
export function perform(performance: Performance, parts: PerformParts): MaybePromise<Performed> {
  const { request, identity, destination, firing, signal } = performance;
  const { clock, gateway, upstream, halt } = parts;
  const effects = firing === undefined ? NO_EFFECTS : sortEffects(firing.effects);
  const end = (called: Called): MaybePromise<Performed> => finish(performance, parts, effects, called);
  const waitAndEnd = (called: Called): MaybePromise<Performed> =>
    effects.waitMs > 0 ? waitFor(effects.waitMs, clock, { gone: signal, halt }).then(() => end(called)) : end(called);
  if (!needsUpstream(firing, effects)) return waitAndEnd(NOT_CALLED);
  const calledAtMs = clock.steady();
  const outgoing = gateway.outgoing(request, identity, firing !== undefined);
  return upstream.exchange(outgoing, destination, signal).then((result) => waitAndEnd({ result, upstreamMs: clock.steady() - calledAtMs }));
}

function finish(performance: Performance, parts: PerformParts, effects: Sorted, { result, upstreamMs }: Called): MaybePromise<Performed> {
  const upstreamResponse = result?.kind === "answer" ? result.response : undefined;
  const failure = result?.kind === "failure" ? result.failure : undefined;
  const outcome = failure !== undefined ? "failed" : performance.firing === undefined ? "forwarded" : "injected";
  const { delivery } = effects;
  // Nobody is there to be answered.
  const sealing =
    isSilent(delivery) || failure?.kind === "cancelled"
      ? undefined
      : answer(performance, parts, effects, { outcome, upstreamResponse, failure });
  return mapMaybePromise(sealing, (sealed) => ({ sealed, outcome, delivery, upstreamMs, upstreamResponse, failure }));
}

interface WaitSignals {
  readonly gone: GoneSignal;
  readonly halt: GoneSignal | undefined;
}

/** Rejects with a DelayCutShort when the client goes away or the proxy stops meanwhile. */
async function waitFor(ms: number, clock: Clock, { gone, halt }: WaitSignals): Promise<void> {
  const waiting = new AbortController();
  const stop = (): void => waiting.abort();
  if (gone.aborted || halt?.aborted === true) stop();
  gone.addEventListener("abort", stop);
  halt?.addEventListener("abort", stop);
  try {
    await clock.sleep(ms, waiting.signal);
  } catch (error) {
    throw waiting.signal.aborted ? new DelayCutShort(gone.aborted ? "client" : "stop") : error;
  } finally {
    gone.removeEventListener("abort", stop);
    halt?.removeEventListener("abort", stop);
  }
}

interface AnswerFacts {
  readonly outcome: "forwarded" | "injected" | "failed";
  readonly upstreamResponse: HttpResponse | undefined;
  readonly failure: UpstreamFailure | undefined;
}

function answer(performance: Performance, parts: PerformParts, effects: Sorted, facts: AnswerFacts): MaybePromise<Sealed> {
  const response = facts.upstreamResponse;
  if (response === undefined) return sealAnswer(performance, parts, effects, { facts, theirs: undefined });
  return mapMaybePromise(parts.contentOf(response), (content) =>
    sealAnswer(performance, parts, effects, { facts, theirs: { response, content } }),
  );
}

interface Answering {
  readonly facts: AnswerFacts;
  readonly theirs: GatewayAnswer | undefined;
}

function sealAnswer(
  performance: Performance,
  { gateway }: PerformParts,
  effects: Sorted,
  { facts, theirs }: Answering,
): MaybePromise<Sealed> {
  const { request, identity, firing } = performance;
  const { outcome, failure } = facts;
  const made = makeAnswer(effects, theirs, failure === undefined ? undefined : gateway.failure(failure));
  const response = outcome === "forwarded" ? made.response : mark(made.response, outcome, firing?.rule.name, gateway.reservedWords);
  const { content, maker } = made;
  const sealing = gateway.seal({ request, identity, response, content, maker, theirs, changed: firing !== undefined });
  return effects.tamper.length === 0 ? sealing : tamperWith(sealing, request, effects.tamper);
}

/** What the proxy did not sign is not its to spoil: without its signature line it could pass for an unsigned answer that an SDK accepts. */
async function tamperWith(sealing: MaybePromise<Sealed>, request: HttpRequest, tamper: Sorted["tamper"]): Promise<Sealed> {
  const sealed = await sealing;
  const { signedContent } = sealed;
  if (signedContent === undefined) return sealed;
  let spoiled = sealed.response;
  for (const { spoil } of tamper) spoiled = await spoil(spoiled, { request, signedContent });
  return { ...sealed, response: spoiled };
}

/** A rule that neither makes an answer nor cuts the connection changes the gateway's own answer, so it needs one. */
function needsUpstream(firing: Firing | undefined, effects: Sorted): boolean {
  if (firing === undefined || firing.callUpstream) return true;
  return effects.make === undefined && !isSilent(effects.delivery);
}
