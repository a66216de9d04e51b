/** The way of every call from its head to its record: the stages in order, and the one place where a call is recorded. */
import type { Clock } from "../base/clock.ts";
import { reportError } from "../base/subscribers.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Arrival, CallObserver, CallRecord, DeliveryEnd, Gateway, GoneSignal, UpstreamFailure } from "../ports/ports.ts";
import { type AdmitParts, admit, identify, judge } from "./admit.ts";
import { type Arriving, beginCall, fail, NO_BODY, type Passing } from "./call.ts";
import { type ChooseParts, choose, read } from "./choose.ts";
import { type PerformParts, perform } from "./perform.ts";
import { RESENT } from "./resent.ts";
import { type SealParts, seal } from "./seal.ts";

export interface PipelineParts extends AdmitParts, ChooseParts, PerformParts, SealParts {
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly observer: CallObserver;
  readonly nextId: () => string;
}

interface Stage {
  readonly name: string;
  readonly run: (passing: Passing, parts: PipelineParts) => Promise<void> | undefined;
}

/** From top to bottom, for every call. A stage leaves calls alone that are not in its lane. */
const STAGES: readonly Stage[] = [
  { name: "identify", run: identify },
  { name: "admit", run: admit },
  { name: "read", run: read },
  { name: "choose", run: choose },
  { name: "perform", run: perform },
  { name: "seal", run: seal },
  { name: "write", run: write },
];

export interface Pipeline {
  /** A call whose head has come. From now on it leaves one record, once `run` and `close` have both been called and the stages are over. */
  begin<Wire>(arriving: Arriving<Wire>): Passing<Wire>;
  /** Takes the call through all stages; `gone` tells when its client leaves. Never rejects. */
  run(passing: Passing, gone: GoneSignal): Promise<void>;
  /** The client's side is over: how the delivery ended, and body bytes sent (undefined: not known). Only the first time counts. */
  close(passing: Passing, end: DeliveryEnd, sentBytes: number | undefined): void;
  /** Takes a kept call through all stages once more, with nobody to answer. Undefined: a production call, which is never sent again. */
  resend(request: HttpRequest, arrival: Arrival, gone: GoneSignal): Promise<CallRecord | undefined>;
  /** Resolves when every call that has begun is recorded. */
  drained(): Promise<void>;
}

/** The core of the proxy with its parts; knows nothing of sockets nor of any gateway. */
export function createPipeline(parts: PipelineParts): Pipeline {
  const open = new Set<Passing>();
  let onDrained: (() => void) | undefined;
  const recordOnce = (passing: Passing): void => {
    if (!passing.isSettled || !passing.isClosed || !open.delete(passing)) return;
    record(passing, parts);
    if (open.size === 0) onDrained?.();
  };
  const pipeline: Pipeline = {
    begin(arriving) {
      const passing = beginCall(arriving, parts);
      open.add(passing);
      parts.observer.begin();
      return passing;
    },
    async run(passing, gone) {
      passing.gone = gone;
      await passAll(passing, parts);
      passing.isSettled = true;
      recordOnce(passing);
    },
    close(passing, end, sentBytes) {
      if (passing.isClosed) return;
      passing.isClosed = true;
      passing.call.deliveryEnd = end;
      passing.call.sentBytes = sentBytes;
      recordOnce(passing);
    },
    async resend(request, arrival, gone) {
      const identity = parts.gateway.identify(request);
      if (judge({ request, identity, arrival }, parts).kind === "stream") return undefined;
      const passing = pipeline.begin({ head: request, arrival, wire: request.body, transport: RESENT });
      await pipeline.run(passing, gone);
      pipeline.close(passing, "nothing", 0);
      return passing.call;
    },
    async drained() {
      if (open.size === 0) return;
      await new Promise<void>((resolve) => {
        onDrained = resolve;
      });
    },
  };
  return pipeline;
}

async function passAll(passing: Passing, parts: PipelineParts): Promise<void> {
  const { observer } = parts;
  try {
    for (const { name, run } of STAGES) {
      const going = run(passing, parts);
      if (going !== undefined) await going;
      observer.stage?.(passing.call, name);
      if (passing.lane === "over") return;
    }
  } catch (error) {
    endBroken(passing, error, parts);
  }
}

/** Stage: the answer on its way to the client. */
function write(passing: Passing, { clock }: PipelineParts): Promise<void> | undefined {
  const { call, delivery, transport, wire, gone } = passing;
  passing.decidedAtMs = clock.steady();
  return transport.write(wire, { response: call.response, delivery }, gone);
}

const BUG: UpstreamFailure = { kind: "other", detail: "a bug in the proxy ended the call; the log has its stack" };

/** The one catch of a call's bug. */
function endBroken(passing: Passing, error: unknown, { observer, clock }: PipelineParts): void {
  const { call, transport, wire } = passing;
  reportError(error, (reported) => observer.bug(reported, call.id));
  call.outcome = "failed";
  fail(passing, BUG, "whole");
  passing.decidedAtMs ??= clock.steady();
  try {
    const status = transport.giveUp(wire);
    if (status !== undefined) call.response = { status, headers: [], body: NO_BODY };
  } catch (second) {
    reportError(second, (reported) => observer.bug(reported, call.id));
  }
}

function record(passing: Passing, { clock, observer }: PipelineParts): void {
  const { call, startedAtMs, decidedAtMs, transport, wire } = passing;
  const endedAtMs = clock.steady();
  call.durationMs = endedAtMs - startedAtMs;
  if (decidedAtMs !== undefined) call.deliveryMs = endedAtMs - decidedAtMs;
  if (call.deliveryEnd === "aborted" && !transport.hasResponded(wire)) call.response = undefined;
  observer.stage?.(call, "record");
  observer.end(call);
}
