/** The table of all metrics, the source of the registry and of the README's metrics section. */

/** One metric; its full name is `PREFIX` + `name`. */
export interface MetricDefinition {
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
}

/** The prefix of every name, except for metrics of the process, which keep the names that dashboards use. */
export const PREFIX = "antom_fault_proxy_";

/** Upper bounds in seconds, from a loopback answer to past the longest time limit of an official SDK (30 s). */
export const BUCKETS: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];

/** The label value for all values outside the closed set: unknown operations, uncatalogued codes, rules beyond the limit. */
export const OTHER = "other";

export type MetricKey =
  | "calls"
  | "callDuration"
  | "callsInFlight"
  | "upstreamDuration"
  | "deliveryDuration"
  | "deliveries"
  | "upstreamSignatures"
  | "upstreamErrors"
  | "refusals"
  | "connectionEvents"
  | "ruleActive"
  | "ruleRemaining"
  | "ruleFirings"
  | "rulesLoaded"
  | "rulesVersion"
  | "reloads"
  | "lastReload"
  | "lastReloadOk"
  | "stateUp"
  | "build";

export const METRICS: Readonly<Record<MetricKey, MetricDefinition>> = {
  calls: counter("calls_total", ["operation", "outcome", "result_code"], "Finished calls."),
  callDuration: histogram("call_duration_seconds", ["operation", "outcome"], "Time from the request's head to the end of the call."),
  callsInFlight: gauge("calls_in_flight", [], "Calls that have begun and not ended."),
  upstreamDuration: histogram("upstream_duration_seconds", ["operation"], "Time spent waiting for the gateway's side."),
  deliveryDuration: histogram("delivery_duration_seconds", ["operation"], "Time from an answer's decision to the end of its delivery."),
  deliveries: counter(
    "deliveries_total",
    ["end"],
    "Ends of deliveries: `whole`, `cut` (by the proxy), `nothing` (no answer was sent), `aborted`, `open` (the protocol was changed).",
  ),
  upstreamSignatures: counter("upstream_signatures_total", ["verdict"], "Gateway signatures on forwarded answers, by verdict."),
  upstreamErrors: counter("upstream_errors_total", ["kind"], "Calls to the gateway's side that ended without an answer."),
  refusals: counter("refusals_total", ["reason"], "Calls refused before anything left the machine."),
  connectionEvents: counter(
    "connection_events_total",
    ["event"],
    "What the listeners saw besides calls: CONNECTs by outcome, failed TLS handshakes, malformed requests, dropped connections.",
  ),
  ruleActive: gauge("rule_active", ["rule"], "1 while the rule can act, 0 while it cannot."),
  ruleRemaining: gauge(
    "rule_remaining_seconds",
    ["rule"],
    "Time until the rule's window ends; absent for a rule without a running window.",
  ),
  ruleFirings: counter("rule_firings_total", ["rule"], "Calls on which the rule acted."),
  rulesLoaded: gauge("rules_loaded", [], "Rules in force, active or not."),
  rulesVersion: gauge("rules_info", ["version"], "Always 1; the label is the hash of the rules in force."),
  reloads: counter("rules_reloads_total", ["outcome"], "Changes of the rules files, by what became of them: `ok` or `rejected`."),
  lastReload: gauge("rules_last_reload_success_timestamp_seconds", [], "When rules were last taken into force."),
  lastReloadOk: gauge("rules_last_reload_successful", [], "1 if the last change of the rules files was taken, 0 if it was rejected."),
  stateUp: gauge("state_up", [], "1 while windows and tallies can be read and booked, 0 while the shared state is away."),
  build: gauge("build_info", ["version", "node"], "Always 1; the labels are the versions of the proxy and of Node.js."),
};

/** All metrics as a Markdown table, for the README. */
export function metricsTable(): string {
  const rows = Object.values(METRICS).map((metric) => {
    const labels = metric.labels.map((label) => `\`${label}\``).join(", ");
    return `| \`${PREFIX}${metric.name}\` | ${metric.kind} | ${labels} | ${metric.help} |`;
  });
  return ["| name | kind | labels | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function counter(name: string, labels: readonly string[], help: string): MetricDefinition {
  return { name, kind: "counter", help, labels };
}

function gauge(name: string, labels: readonly string[], help: string): MetricDefinition {
  return { name, kind: "gauge", help, labels };
}

function histogram(name: string, labels: readonly string[], help: string): MetricDefinition {
  return { name, kind: "histogram", help, labels };
}
