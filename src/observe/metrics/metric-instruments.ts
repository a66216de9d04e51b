/** Creates prom-client's counters, gauges and histograms of one registry from the table of metrics. */
import { Counter, Gauge, type Registry } from "prom-client";
import { type Configuration, createHeldCounter, createHeldHistogram, type Held, type HeldCounter, type Timing } from "./held-metrics.ts";
import { BUCKETS, METRICS, type MetricKey, PREFIX } from "./metric-definitions.ts";

export interface Instruments {
  readonly calls: HeldCounter;
  readonly callDuration: Held<Timing>;
  readonly callsInFlight: Gauge;
  readonly upstreamDuration: Held<Timing>;
  readonly deliveryDuration: Held<Timing>;
  readonly deliveries: HeldCounter;
  readonly upstreamSignatures: HeldCounter;
  readonly upstreamErrors: HeldCounter;
  readonly refusals: HeldCounter;
  readonly connectionEvents: Counter;
  readonly ruleActive: Gauge;
  readonly ruleRemaining: Gauge;
  readonly ruleFirings: HeldCounter;
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
  const held = (key: MetricKey): HeldCounter => createHeldCounter(configuration(key, registry));
  const histogram = (key: MetricKey): Held<Timing> => createHeldHistogram(configuration(key, registry), BUCKETS);
  return {
    calls: held("calls"),
    callDuration: histogram("callDuration"),
    callsInFlight: gauge("callsInFlight"),
    upstreamDuration: histogram("upstreamDuration"),
    deliveryDuration: histogram("deliveryDuration"),
    deliveries: held("deliveries"),
    upstreamSignatures: held("upstreamSignatures"),
    upstreamErrors: held("upstreamErrors"),
    refusals: held("refusals"),
    connectionEvents: counter("connectionEvents"),
    ruleActive: gauge("ruleActive"),
    ruleRemaining: gauge("ruleRemaining"),
    ruleFirings: held("ruleFirings"),
    rulesLoaded: gauge("rulesLoaded"),
    rulesVersion: gauge("rulesVersion"),
    reloads: counter("reloads"),
    lastReload: gauge("lastReload"),
    lastReloadOk: gauge("lastReloadOk"),
    stateUp: gauge("stateUp"),
    build: gauge("build"),
  };
}

function configuration(key: MetricKey, registry: Registry): Configuration {
  const { name, help, labels } = METRICS[key];
  return { name: PREFIX + name, help, labelNames: [...labels], registers: [registry] };
}
