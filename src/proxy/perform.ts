/** Carries out what was decided: calls the gateway and waits as the rule asks, or hands the call to the stream lane. Knows no fault by name. */
import type { Clock } from "../base/clock.ts";
import type { Gateway, GoneSignal, Upstream, UpstreamFailure, UpstreamResult } from "../ports/ports.ts";
import type { Firing } from "../rules/rule.ts";
import { CLIENT_GONE, fail, NO_BODY, type Passing } from "./call.ts";
import { isSilent, type Sorted } from "./sort-effects.ts";

export interface PerformParts {
  readonly clock: Clock;
  readonly gateway: Pick<Gateway, "outgoing">;
  readonly upstream: Upstream;
  /** Aborts when the proxy stops: calls that wait for a rule's delay end then. Undefined: never. */
  readonly halt?: GoneSignal | undefined;
}

const GONE: UpstreamFailure = { kind: "cancelled", detail: "the client closed the connection before it was answered" };
const STOPPED: UpstreamFailure = { kind: "cancelled", detail: "the proxy stopped before the call was answered" };

/** Stage: what has to happen before there is an answer. */
export function perform(passing: Passing, parts: PerformParts): Promise<void> | undefined {
  switch (passing.lane) {
    case "exchange":
      return exchange(passing, parts);
    case "stream":
      return stream(passing, parts);
    case "refused":
    case "over":
      return undefined;
    default:
      return passing.lane satisfies never;
  }
}

async function exchange(passing: Passing, parts: PerformParts): Promise<void> {
  const { call, firing, effects, destination } = passing;
  if (destination === undefined) throw new Error("a call that was not admitted");
  call.delivery = passing.delivery?.kind ?? "whole";
  passing.isAnswered = !isSilent(passing.delivery);
  if (needsUpstream(firing, effects)) {
    const calledAtMs = parts.clock.steady();
    const outgoing = parts.gateway.outgoing(passing.outgoing, call.identity, firing !== undefined);
    const result = await parts.upstream.exchange(outgoing, destination, passing.gone);
    call.upstreamMs = parts.clock.steady() - calledAtMs;
    take(passing, result);
  } else call.outcome = "injected";
  if (effects.waitMs > 0) await wait(passing, parts);
}

/** Fills in what the gateway's side gave. */
function take(passing: Passing, result: UpstreamResult): void {
  const { call, firing } = passing;
  if (result.kind === "answer") {
    call.upstreamResponse = result.response;
    call.outcome = firing === undefined ? "forwarded" : "injected";
    return;
  }
  call.failure = result.failure;
  if (result.failure.kind === "cancelled") fail(passing, result.failure, CLIENT_GONE);
}

/** A call that ends within a rule's delay has met the fault that was asked for. */
async function wait(passing: Passing, { clock, halt }: PerformParts): Promise<void> {
  const { call, effects, gone } = passing;
  const sinceMs = clock.steady();
  const end = await waitFor(effects.waitMs, clock, { gone, halt });
  call.waitMs = clock.steady() - sinceMs;
  if (end === "over") return;
  call.outcome = "injected";
  passing.delivery = end === "stop" ? { kind: "reset" } : undefined;
  if (end === "stop") fail(passing, STOPPED, "stopped");
  else fail(passing, GONE, CLIENT_GONE);
}

interface WaitSignals {
  readonly gone: GoneSignal;
  readonly halt: GoneSignal | undefined;
}

/** `client`: the client went away meanwhile; `stop`: the proxy stops. */
async function waitFor(ms: number, clock: Clock, { gone, halt }: WaitSignals): Promise<"over" | "client" | "stop"> {
  const waiting = new AbortController();
  const stop = (): void => waiting.abort();
  if (gone.aborted || halt?.aborted === true) stop();
  gone.addEventListener("abort", stop);
  halt?.addEventListener("abort", stop);
  try {
    await clock.sleep(ms, waiting.signal);
    return "over";
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    return gone.aborted ? "client" : "stop";
  } finally {
    gone.removeEventListener("abort", stop);
    halt?.removeEventListener("abort", stop);
  }
}

/** A rule that neither makes an answer nor cuts the connection changes the gateway's own answer, so it needs one. */
function needsUpstream(firing: Firing | undefined, effects: Sorted): boolean {
  if (firing === undefined || firing.callUpstream) return true;
  return effects.make === undefined && !isSilent(effects.delivery);
}

/** A call that failed before its client was sent anything goes on to be answered. */
async function stream(passing: Passing, { clock }: PerformParts): Promise<void> {
  const { call, destination, transport, wire, gone, prefix } = passing;
  if (destination === undefined) throw new Error("a call that was not admitted");
  const calledAtMs = clock.steady();
  const result = await transport.carry(wire, { origin: destination.origin, gone, prefix });
  call.upstreamMs = clock.steady() - calledAtMs;
  if (result.kind === "answered") {
    call.outcome = "forwarded";
    call.delivery = "streamed";
    call.response = { status: result.status, headers: [], body: NO_BODY };
    passing.lane = "over";
    return;
  }
  call.failure = result.failure;
  if (result.failure.kind === "cancelled") fail(passing, result.failure, CLIENT_GONE);
  else if (result.begun) fail(passing, result.failure, "streamed");
  if (result.begun) passing.lane = "over";
}
