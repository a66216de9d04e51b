/** Turns the table of metrics into prom-client's counters, gauges and histograms of one registry. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { BUCKETS, METRICS, type MetricKey, PREFIX } from "./metric-definitions.ts";

export interface Instruments {
  readonly calls: Counter;
  readonly callDuration: Histogram;
  readonly callsInFlight: Gauge;
  readonly upstreamDuration: Histogram;
  readonly upstreamSignatures: Counter;
  readonly upstreamErrors: Counter;
  readonly refusals: Counter;
  readonly connectionEvents: Counter;
  readonly ruleActive: Gauge;
  readonly ruleRemaining: Gauge;
  readonly ruleFirings: Counter;
  readonly rulesLoaded: Gauge;
  readonly rulesVersion: Gauge;
  readonly reloads: Counter;
  readonly lastReload: Gauge;
  readonly lastReloadOk: Gauge;
  readonly stateUp: Gauge;
  readonly build: Gauge;
}

/** Creates every metric of the table in `registry`. */
export function createInstruments(registry: Registry): Instruments {
  const counter = (key: MetricKey): Counter => new Counter(configuration(key, registry));
  const gauge = (key: MetricKey): Gauge => new Gauge(configuration(key, registry));
  const histogram = (key: MetricKey): Histogram => new Histogram({ ...configuration(key, registry), buckets: [...BUCKETS] });
  return {
    calls: counter("calls"),
    callDuration: histogram("callDuration"),
    callsInFlight: gauge("callsInFlight"),
    upstreamDuration: histogram("upstreamDuration"),
    upstreamSignatures: counter("upstreamSignatures"),
    upstreamErrors: counter("upstreamErrors"),
    refusals: counter("refusals"),
    connectionEvents: counter("connectionEvents"),
    ruleActive: gauge("ruleActive"),
    ruleRemaining: gauge("ruleRemaining"),
    ruleFirings: counter("ruleFirings"),
    rulesLoaded: gauge("rulesLoaded"),
    rulesVersion: gauge("rulesVersion"),
    reloads: counter("reloads"),
    lastReload: gauge("lastReload"),
    lastReloadOk: gauge("lastReloadOk"),
    stateUp: gauge("stateUp"),
    build: gauge("build"),
  };
}

function configuration(key: MetricKey, registry: Registry): { name: string; help: string; labelNames: string[]; registers: Registry[] } {
  const { name, help, labels } = METRICS[key];
  return { name: PREFIX + name, help, labelNames: [...labels], registers: [registry] };
}
