/** The proxy's Prometheus metrics in their own registry: calls are counted immediately, everything else is read on a scrape. */
import { collectDefaultMetrics, Registry } from "prom-client";
import type { CallRecord, Observer } from "../../ports/ports.ts";
import { createCallMetrics } from "./call-metrics.ts";
import { type ConnectionEvent, connectionEventLabels } from "./closed-labels.ts";
import type { Counting } from "./held-metrics.ts";
import { OTHER } from "./metric-definitions.ts";
import { createInstruments, type Instruments } from "./metric-instruments.ts";

/** One rule's values in a scrape. */
export interface RuleReading {
  readonly name: string;
  /** Whether it can act: enabled, and its window, if any, is running. */
  readonly active: boolean;
  /** Time until its window ends; undefined without a running window. */
  readonly remainingMs: number | undefined;
}

/** The current rules, read on a scrape. */
export interface RuleReadings {
  readonly version: string;
  readonly rules: readonly RuleReading[];
}

export interface MetricsOptions {
  /** Version of this program. */
  readonly version: string;
  /** Called on every scrape. */
  readonly rules: () => RuleReadings;
  /** Called on every scrape. */
  readonly callsInFlight: () => number;
  /** Called on every scrape: whether windows and tallies are reachable. Default: always. */
  readonly isStateUp?: () => boolean;
  /** Whether a result code is in the catalogue; all others are counted as `other`. Called once per code. */
  readonly isResultCode: (code: string) => boolean;
  /** False omits CPU, memory and event-loop metrics (they need a timer that is never stopped). Default true. */
  readonly processMetrics?: boolean;
}

export interface Metrics {
  readonly observe: Observer;
  /** Counts a listener's event. */
  connectionEvent(event: ConnectionEvent): void;
  /** Counts a change of the rules files, including the first load. */
  reloaded(outcome: "ok" | "rejected", nowMs: number): void;
  /** The exposition text, in the format named by `contentType`. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Further rules have no separate label, so that a file of 10,000 rules does not create 10,000 series. */
const LABELLED_RULES = 1000;

/** Creates the metrics of one proxy; two proxies in one process share nothing. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  if (options.processMetrics !== false) addProcessMetrics(registry);
  instruments.build.set({ version: options.version, node: process.version }, 1);
  instruments.reloads.inc({ outcome: "ok" }, 0);
  instruments.reloads.inc({ outcome: "rejected" }, 0);
  for (const event of connectionEventLabels) instruments.connectionEvents.inc({ event }, 0);
  const countCall = createCallMetrics(instruments, options.isResultCode);
  const countFiring = createFiringCounter(instruments);
  return {
    observe(record: CallRecord) {
      countCall(record);
      if (record.rule !== undefined) countFiring(record.rule.name);
    },
    connectionEvent: (event) => instruments.connectionEvents.inc({ event }),
    reloaded(outcome, nowMs) {
      instruments.reloads.inc({ outcome });
      instruments.lastReloadOk.set(outcome === "ok" ? 1 : 0);
      if (outcome === "ok") instruments.lastReload.set(nowMs / 1000);
    },
    text() {
      readRules(instruments, options.rules());
      instruments.callsInFlight.set(options.callsInFlight());
      instruments.stateUp.set((options.isStateUp?.() ?? true) ? 1 : 0);
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

/** CPU, memory, event loop; without the three gauges whose names promtool takes for counters (other metrics contain the same values by type). */
function addProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const what of ["handles", "requests", "resources"]) registry.removeSingleMetric(`nodejs_active_${what}_total`);
}

/** Sets all gauges of rules, and removes the series of removed rules. */
function readRules(instruments: Instruments, readings: RuleReadings): void {
  instruments.ruleActive.reset();
  instruments.ruleRemaining.reset();
  instruments.rulesVersion.reset();
  instruments.rulesVersion.set({ version: readings.version }, 1);
  instruments.rulesLoaded.set(readings.rules.length);
  for (const reading of readings.rules.slice(0, LABELLED_RULES)) {
    instruments.ruleActive.set({ rule: reading.name }, reading.active ? 1 : 0);
    if (reading.remainingMs !== undefined) instruments.ruleRemaining.set({ rule: reading.name }, Math.max(0, reading.remainingMs) / 1000);
  }
}

function createFiringCounter(instruments: Instruments): (rule: string) => void {
  const children = new Map<string, Counting>();
  const others = instruments.ruleFirings.labels(OTHER);
  return (rule) => {
    let child = children.get(rule);
    if (child === undefined) {
      child = children.size < LABELLED_RULES ? instruments.ruleFirings.labels(rule) : others;
      if (child !== others) children.set(rule, child);
    }
    child.inc();
  };
}
