/** The pipeline of the proxy with its real parts. */
import { createCallIds } from "../base/machine-clock.ts";
import { createContentReader } from "../http/content.ts";
import { createPipeline, type Pipeline } from "../proxy/pipeline.ts";
import { createCallerFaults } from "../rules/caller-faults.ts";
import { createRuleChooser } from "../rules/select/chooser.ts";
import { createUnreadableBodies } from "../rules/select/unreadable-bodies.ts";
import { createExchange } from "../upstream/exchange.ts";
import { createDestinationFor } from "./destinations.ts";
import type { Observers } from "./observers.ts";
import type { Upstream } from "./open-upstream.ts";
import type { RulesRuntime } from "./rules-runtime.ts";
import type { AppSettings } from "./settings.ts";
import { vocabulary } from "./vocabulary.ts";

export interface PipelineSurroundings {
  readonly rules: RulesRuntime;
  readonly observers: Observers;
  readonly upstream: Upstream;
  /** Aborts when the proxy stops. */
  readonly halt: AbortSignal;
}

/** What every call is handed to. */
export function openPipeline(settings: AppSettings, { rules, observers, upstream, halt }: PipelineSurroundings): Pipeline {
  const { gateway, connections, origin, standIn, loopGuard } = upstream;
  const { clock, allowProduction, maxBodyBytes, upstreamTimeoutMs: timeoutMs } = settings;
  const { store, ledger } = rules;
  const unreadable = createUnreadableBodies((message) => settings.log.event({ kind: "warning", message }));
  return createPipeline({
    clock,
    gateway,
    halt,
    contentOf: createContentReader(),
    upstream: createExchange({ connections, timeoutMs, maxBodyBytes: maxBodyBytes * 2, viaFor: loopGuard?.viaFor }),
    rules: createRuleChooser({ store, ledger, unreadable }),
    ledger,
    readCallerFault: settings.allowHeaderFaults ? createCallerFaults(vocabulary, settings.seed) : undefined,
    observer: observers.calls,
    nextId: createCallIds(),
    allowProduction,
    hasPassed: loopGuard?.hasPassed,
    destinationFor: createDestinationFor({ gateway, upstream: origin, standIn }),
  });
}
