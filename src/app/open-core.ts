/** The core of the proxy with its real parts. */

import { createCallIds } from "../base/machine-clock.ts";
import { createContentReader } from "../http/content.ts";
import { type Core, createCore } from "../proxy/handle.ts";
import { createCallerFaults } from "../rules/caller-faults.ts";
import { select } from "../rules/select/select.ts";
import { createUnreadableBodies } from "../rules/select/unreadable-bodies.ts";
import { createExchange } from "../upstream/exchange.ts";
import { createDestinationFor } from "./destinations.ts";
import type { Observers } from "./observers.ts";
import type { Upstream } from "./open-upstream.ts";
import type { RulesRuntime } from "./rules-runtime.ts";
import type { AppSettings } from "./settings.ts";
import { vocabulary } from "./vocabulary.ts";

export interface CoreParts {
  readonly rules: RulesRuntime;
  readonly observers: Observers;
  readonly upstream: Upstream;
  /** Aborts when the proxy stops. */
  readonly halt: AbortSignal;
}

/** What every call is handed to. */
export function openCore(settings: AppSettings, { rules, observers, upstream, halt }: CoreParts): Core {
  const { gateway, connections, origin, standIn, loopGuard } = upstream;
  const { clock, allowProduction, maxBodyBytes, upstreamTimeoutMs: timeoutMs } = settings;
  const unreadable = createUnreadableBodies((message) => settings.log.event({ kind: "warning", message }));
  return createCore({
    clock,
    gateway,
    halt,
    contentOf: createContentReader(),
    upstream: createExchange({ connections, timeoutMs, maxBodyBytes: maxBodyBytes * 2, viaFor: loopGuard?.viaFor }),
    select(facts) {
      const set = rules.store.current();
      const chosen = select(set, facts, rules.ledger);
      unreadable.note(facts, set);
      return chosen;
    },
    readCallerFault: settings.allowHeaderFaults ? createCallerFaults(vocabulary, settings.seed) : undefined,
    observe(record) {
      if (record.credible !== undefined) rules.ledger.observeAnswer(record.request, record.credible);
      observers.observe(record);
    },
    nextId: createCallIds(),
    allowProduction,
    hasPassed: loopGuard?.hasPassed,
    destinationFor: createDestinationFor({ gateway, upstream: origin, standIn }),
  });
}
