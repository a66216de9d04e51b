/** Everybody who is told what happens: metrics, journal and log, fed from one place. */
import { isCatalogued } from "../antom/catalogue/result-codes.ts";
import { callListener } from "../base/subscribers.ts";
import { describeDoorEvent } from "../listeners/connection/describe-door-event.ts";
import type { OnDoorEvent } from "../listeners/connection/door.ts";
import { createJournal, type Journal } from "../observe/journal/journal.ts";
import { createMetrics, type Metrics, type RuleReadings } from "../observe/metrics/metrics.ts";
import type { CallObserver } from "../ports/ports.ts";
import type { OnRules, RulesRuntime } from "./rules-runtime.ts";
import type { AppSettings } from "./settings.ts";
import { packageVersion } from "./version.ts";

export interface Observers {
  readonly metrics: Metrics;
  readonly journal: Journal;
  /** Counts calls in and out, and hands each finished one to metrics, journal and log. */
  readonly calls: CallObserver;
  /** Counts reloads of the files, and logs each change of the rules. */
  readonly onRules: OnRules;
  /** Counts and logs what the listeners saw besides calls. */
  readonly onDoorEvent: OnDoorEvent;
  /** Calls that have begun and are not over. */
  readonly inFlight: () => number;
}

/** Observers of one proxy; `rules` is asked at each scrape, once the proxy runs. */
export function createObservers(settings: AppSettings, rules: () => RulesRuntime | undefined): Observers {
  const { log, clock } = settings;
  const onBug = (error: unknown): void => log.event({ kind: "bug", callId: undefined, error });
  let inFlight = 0;
  const journal = createJournal({ limit: settings.journalCalls });
  const metrics = createMetrics({
    version: packageVersion,
    rules: () => readRules(rules(), clock.steady()),
    callsInFlight: () => inFlight,
    isStateUp: () => rules()?.trouble() === undefined,
    isResultCode: isCatalogued,
  });
  return {
    metrics,
    journal,
    calls: {
      begin() {
        inFlight += 1;
      },
      stage: log.stage,
      end(record) {
        inFlight -= 1;
        callListener(metrics.observe, record, onBug);
        callListener(journal.observe, record, onBug);
        callListener(log.observe, record, onBug);
      },
      bug: (error, callId) => log.event({ kind: "bug", callId, error }),
    },
    onRules(layer, parsed, nowMs) {
      if (layer === "files") metrics.reloaded(parsed.kind === "ok" ? "ok" : "rejected", nowMs);
      if (parsed.kind === "bad") {
        log.event({ kind: "rules-rejected", problems: parsed.problems });
        return;
      }
      const { rules: all, version } = parsed.rules;
      log.event({ kind: "rules-loaded", rules: all.length, active: all.filter((rule) => rule.activation.active).length, version });
    },
    onDoorEvent(event) {
      callListener(metrics.connectionEvent, event.kind === "connect" ? `connect-${event.outcome}` : event.kind, onBug);
      callListener(log.event, describeDoorEvent(event), onBug);
    },
    inFlight: () => inFlight,
  };
}

function readRules(runtime: RulesRuntime | undefined, nowMs: number): RuleReadings {
  if (runtime === undefined) return { version: "", rules: [] };
  const { rules, version } = runtime.store.current();
  return {
    version,
    rules: rules.map((rule) => {
      const endsAtMs = runtime.ledger.stateOf(rule.identity)?.window.endsAtMs;
      const active = runtime.isRunning(rule);
      return { name: rule.name, active, remainingMs: active && endsAtMs !== undefined ? endsAtMs - nowMs : undefined };
    }),
  };
}
