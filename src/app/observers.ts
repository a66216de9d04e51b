/** Everybody who is told what happens: metrics, journal and log, fed from one place. */
import { isCatalogued } from "../antom/catalogue/result-codes.ts";
import { callListener } from "../base/subscribers.ts";
import { describeDoorEvent } from "../listeners/connection/describe-door-event.ts";
import type { OnDoorEvent } from "../listeners/connection/door.ts";
import { createJournal, type Journal } from "../observe/journal/journal.ts";
import { createMetrics, type Metrics, type RuleReadings } from "../observe/metrics/metrics.ts";
import type { Observer } from "../ports/ports.ts";
import type { OnRules, RulesRuntime } from "./rules-runtime.ts";
import type { AppSettings } from "./settings.ts";
import { packageVersion } from "./version.ts";

/** Counts calls in and out. */
export interface InFlight {
  begin(): void;
  end(): void;
  count(): number;
}

export interface Observers {
  readonly metrics: Metrics;
  readonly journal: Journal;
  readonly observe: Observer;
  /** Counts reloads of the files, and logs each change of the rules. */
  readonly onRules: OnRules;
  /** Counts and logs what the listeners saw besides calls. */
  readonly onDoorEvent: OnDoorEvent;
  /** Calls begun and not yet answered. */
  readonly inFlight: InFlight;
}

/** Observers of one proxy; `rules` is asked at each scrape, once the proxy runs. */
export function createObservers(settings: AppSettings, rules: () => RulesRuntime | undefined): Observers {
  const { log, clock } = settings;
  const onBug = (error: unknown): void => log.event({ kind: "bug", callId: undefined, error });
  const inFlight = countInFlight();
  const journal = createJournal({ limit: settings.journalCalls });
  const metrics = createMetrics({
    version: packageVersion,
    rules: () => readRules(rules(), clock.steady()),
    callsInFlight: inFlight.count,
    isStateUp: () => rules()?.trouble() === undefined,
    isResultCode: isCatalogued,
  });
  return {
    metrics,
    journal,
    observe(record) {
      callListener(metrics.observe, record, onBug);
      callListener(journal.observe, record, onBug);
      callListener(log.observe, record, onBug);
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
    inFlight,
  };
}

function countInFlight(): InFlight {
  let count = 0;
  return {
    begin() {
      count += 1;
    },
    end() {
      count -= 1;
    },
    count: () => count,
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
