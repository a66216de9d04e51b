/** Builds the one record that observers get of a finished call. */
import type { Clock, Moment } from "../base/clock.ts";
import type { CallRecord, Observer } from "../ports/ports.ts";
import type { Firing } from "../rules/rule.ts";
import type { Performed } from "./perform.ts";

export interface RecordParts {
  readonly clock: Pick<Clock, "steady">;
  readonly observe: Observer;
  readonly nextId: () => string;
}

/** The delivery of a call whose client left before it was answered. */
export const CLIENT_GONE = "client-gone";

/** What is known when a call begins. */
export type Beginning = Pick<CallRecord, "request" | "arrival" | "identity"> & { readonly startedAt: Moment };

/** Tells the observers how the call ended; what `rest` leaves out did not happen. */
export function record(parts: RecordParts, beginning: Beginning, rest: Partial<CallRecord> & Pick<CallRecord, "outcome">): void {
  // One literal without spreads: this runs for every call.
  parts.observe({
    id: parts.nextId(),
    startedAtMs: beginning.startedAt.wallMs,
    durationMs: parts.clock.steady() - beginning.startedAt.steadyMs,
    waitMs: rest.waitMs,
    upstreamMs: rest.upstreamMs,
    deliveryMs: rest.deliveryMs,
    arrival: beginning.arrival,
    request: beginning.request,
    identity: beginning.identity,
    outcome: rest.outcome,
    rule: rest.rule,
    resultCode: rest.resultCode,
    upstreamResponse: rest.upstreamResponse,
    response: rest.response,
    credible: rest.credible,
    verdict: rest.verdict,
    failure: rest.failure,
    refusal: rest.refusal,
    delivery: rest.delivery ?? "whole",
    deliveryEnd: rest.deliveryEnd,
    sentBytes: rest.sentBytes,
  });
}

/** What a performance adds to the record. */
export function describePerformed(performed: Performed, firing: Firing | undefined): Partial<CallRecord> & Pick<CallRecord, "outcome"> {
  const { sealed } = performed;
  return {
    outcome: performed.outcome,
    upstreamMs: performed.upstreamMs,
    rule: ruleOf(firing),
    resultCode: sealed?.resultCode,
    upstreamResponse: performed.upstreamResponse,
    response: sealed?.response,
    credible: sealed?.credible,
    verdict: sealed?.verdict,
    failure: performed.failure,
    delivery: performed.failure?.kind === "cancelled" ? CLIENT_GONE : (performed.delivery?.kind ?? "whole"),
  };
}

/** The rule that acted, as observers see it. */
export function ruleOf(firing: Firing | undefined): CallRecord["rule"] {
  if (firing === undefined) return undefined;
  const { rule, step, ordinal, rulesVersion, action } = firing;
  return { name: rule.name, identity: rule.identity, step, firing: ordinal, rulesVersion, action };
}
