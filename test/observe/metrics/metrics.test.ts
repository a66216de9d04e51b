/** The metrics as Prometheus reads them. */
import t from "tap";
import { METRICS, metricsTable, PREFIX } from "../../../src/observe/metrics/metric-definitions.ts";
import { createMetrics, type Metrics, type RuleReading } from "../../../src/observe/metrics/metrics.ts";
import { callRecord, decision, identity, injectedRecord } from "../../helpers/call-record.ts";

function metricsOf(rules: () => readonly RuleReading[] = () => []): Metrics {
  return createMetrics({
    version: "1.2.3",
    rules: () => ({ version: "abc", rules: rules() }),
    callsInFlight: () => 3,
    isResultCode: (code) => code === "SUCCESS" || code === "RISK_REJECT",
    processMetrics: false,
  });
}

async function sampleOf(metrics: Metrics, series: string): Promise<string | undefined> {
  const line = (await metrics.text()).split("\n").find((candidate) => candidate.startsWith(`${PREFIX}${series} `));
  return line?.slice(line.lastIndexOf(" ") + 1);
}

t.test("calls are counted by operation, outcome and result code", async (t) => {
  const metrics = metricsOf();
  metrics.observe(callRecord());
  metrics.observe(callRecord());
  metrics.observe(injectedRecord());
  t.equal(await sampleOf(metrics, 'calls_total{operation="pay",outcome="forwarded",result_code="SUCCESS"}'), "2");
  t.equal(await sampleOf(metrics, 'calls_total{operation="pay",outcome="injected",result_code="RISK_REJECT"}'), "1");
  t.equal(await sampleOf(metrics, 'rule_firings_total{rule="pay-risk-reject"}'), "1");
});

t.test("an unknown operation and an uncatalogued code are counted as `other`, however many there are", async (t) => {
  const metrics = metricsOf();
  for (let n = 0; n < 50; n += 1) metrics.observe(callRecord({ identity: identity({ operation: undefined }), resultCode: `CODE_${n}` }));
  t.equal(await sampleOf(metrics, 'calls_total{operation="other",outcome="forwarded",result_code="other"}'), "50");
  t.notMatch(await metrics.text(), /CODE_/);
});

t.test("a call without an answer is counted with the code `none`", async (t) => {
  const metrics = metricsOf();
  metrics.observe(callRecord({ outcome: "failed", resultCode: undefined, verdict: undefined, failure: { kind: "timeout", detail: "" } }));
  t.equal(await sampleOf(metrics, 'calls_total{operation="pay",outcome="failed",result_code="none"}'), "1");
  t.equal(await sampleOf(metrics, 'upstream_errors_total{kind="timeout"}'), "1");
});

t.test("durations are in seconds", async (t) => {
  const metrics = metricsOf();
  metrics.observe(callRecord({ durationMs: 400, upstreamMs: 300 }));
  t.equal(await sampleOf(metrics, 'call_duration_seconds_bucket{le="0.25",operation="pay",outcome="forwarded"}'), "0");
  t.equal(await sampleOf(metrics, 'call_duration_seconds_bucket{le="0.5",operation="pay",outcome="forwarded"}'), "1");
  t.equal(await sampleOf(metrics, 'upstream_duration_seconds_sum{operation="pay"}'), "0.3");
});

t.test("verdicts and refusals are counted by kind", async (t) => {
  const metrics = metricsOf();
  metrics.observe(callRecord({ verdict: "invalid" }));
  metrics.observe(callRecord({ outcome: "refused", refusal: "client-id" }));
  metrics.observe(callRecord({ outcome: "refused", refusal: "production" }));
  metrics.observe(callRecord({ outcome: "refused" }));
  t.equal(await sampleOf(metrics, 'upstream_signatures_total{verdict="invalid"}'), "1");
  t.equal(await sampleOf(metrics, 'refusals_total{reason="client-id"}'), "1");
  t.equal(await sampleOf(metrics, 'refusals_total{reason="production"}'), "1");
  t.equal(await sampleOf(metrics, 'refusals_total{reason="other"}'), "1");
});

t.test("every series of a closed set is there as 0 before its first count, so that an alert sees the first", async (t) => {
  const zero = (await metricsOf().text()).split("\n").filter((line) => line.endsWith("} 0"));
  const values = (metric: string): string[] =>
    zero.flatMap((line) => (line.startsWith(`${PREFIX}${metric}{`) ? [/="([^"]*)"/.exec(line)?.[1] ?? ""] : [])).sort();
  t.same(values("upstream_signatures_total"), ["invalid", "missing", "unchecked", "valid"]);
  t.same(values("upstream_errors_total"), ["cancelled", "name", "other", "refused", "reset", "timeout", "tls", "too-large"]);
  const reasons = [
    "api-key",
    "authorization",
    "client-id",
    "loop",
    "other",
    "path",
    "production",
    "session",
    "upgrade-body",
    "x-fault",
    "x-session-id",
  ];
  t.same(values("refusals_total"), reasons);
  const connects = ["connect-failed", "connect-intercepted", "connect-refused", "connect-tunnelled"];
  t.same(values("connection_events_total"), [...connects, "dropped", "handshake", "malformed", "stalled"]);
  t.same(values("rules_reloads_total"), ["ok", "rejected"]);
});

t.test("a count on a series that stood at 0 is the next number", async (t) => {
  const metrics = metricsOf();
  t.equal(await sampleOf(metrics, 'upstream_signatures_total{verdict="missing"}'), "0");
  metrics.observe(callRecord({ verdict: "missing" }));
  t.equal(await sampleOf(metrics, 'upstream_signatures_total{verdict="missing"}'), "1");
});

t.test("a rule's gauges are read at the scrape, and gone when the rule is", async (t) => {
  let rules: RuleReading[] = [
    { name: "a", active: true, remainingMs: 90_000 },
    { name: "b", active: true, remainingMs: undefined },
  ];
  const metrics = metricsOf(() => rules);
  t.equal(await sampleOf(metrics, 'rule_active{rule="a"}'), "1");
  t.equal(await sampleOf(metrics, 'rule_remaining_seconds{rule="a"}'), "90");
  t.equal(await sampleOf(metrics, 'rule_remaining_seconds{rule="b"}'), undefined, "no window, no series");
  rules = [{ name: "b", active: false, remainingMs: undefined }];
  t.equal(await sampleOf(metrics, 'rule_active{rule="a"}'), undefined);
  t.equal(await sampleOf(metrics, 'rule_active{rule="b"}'), "0");
  t.equal(await sampleOf(metrics, "rules_loaded"), "1");
  t.equal(await sampleOf(metrics, 'rules_info{version="abc"}'), "1");
});

t.test("rules past the first thousand are not labelled singly", async (t) => {
  const rules = Array.from({ length: 1500 }, (_, n) => ({ name: `r${n}`, active: true, remainingMs: undefined }));
  const metrics = metricsOf(() => rules);
  for (const { name } of rules) metrics.observe(injectedRecord({ rule: decision(name) }));
  const text = await metrics.text();
  t.equal(text.match(/rule_active\{/g)?.length, 1000);
  t.equal(text.match(/rule_firings_total\{/g)?.length, 1001);
  t.equal(await sampleOf(metrics, 'rule_firings_total{rule="other"}'), "500");
  t.equal(await sampleOf(metrics, "rules_loaded"), "1500");
});

t.test("reloads tell what became of them and when the last good one was", async (t) => {
  const metrics = metricsOf();
  t.equal(
    await sampleOf(metrics, 'rules_reloads_total{outcome="rejected"}'),
    "0",
    "there from the start, so that an alert can count on it",
  );
  metrics.reloaded("ok", 5000);
  metrics.reloaded("rejected", 9000);
  t.equal(await sampleOf(metrics, 'rules_reloads_total{outcome="ok"}'), "1");
  t.equal(await sampleOf(metrics, 'rules_reloads_total{outcome="rejected"}'), "1");
  t.equal(await sampleOf(metrics, "rules_last_reload_success_timestamp_seconds"), "5");
  t.equal(await sampleOf(metrics, "rules_last_reload_successful"), "0");
});

t.test("two proxies in one process count apart", async (t) => {
  const [one, other] = [metricsOf(), metricsOf()];
  one.observe(callRecord());
  t.equal(await sampleOf(other, 'calls_total{operation="pay",outcome="forwarded",result_code="SUCCESS"}'), undefined);
  t.equal(await sampleOf(one, "calls_in_flight"), "3");
  t.match(await one.text(), /build_info\{version="1.2.3",node="v/);
});

t.test("process figures are there unless left out", async (t) => {
  const metrics = createMetrics({
    version: "1",
    rules: () => ({ version: "", rules: [] }),
    callsInFlight: () => 0,
    isResultCode: () => true,
  });
  t.match(await metrics.text(), /process_resident_memory_bytes/);
  t.notMatch(await metricsOf().text(), /process_/);
});

t.test("the README's table names every metric of the exposition, and no other", async (t) => {
  const metrics = metricsOf(() => [{ name: "a", active: true, remainingMs: 1 }]);
  const exposed = [...(await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => `| \`${match[1]}\` | ${match[2]} |`);
  const table = metricsTable();
  for (const row of exposed) t.ok(table.includes(row), row);
  t.equal(exposed.length, Object.keys(METRICS).length);
});
