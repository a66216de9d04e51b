/** Metrics that are counted in numbers held here read as prom-client's own do. */
import fc from "fast-check";
import { Counter, Histogram, Registry } from "prom-client";
import t from "tap";
import { createHeldCounter, createHeldHistogram } from "../../../src/observe/metrics/held-metrics.ts";

const BOUNDS = [0.001, 0.01, 0.1, 1, 30];
const LABELS = ["operation", "outcome"];

function configured(registry: Registry): { name: string; help: string; labelNames: string[]; registers: Registry[] } {
  return { name: "measured", help: "What was measured.", labelNames: [...LABELS], registers: [registry] };
}

/** One series of two labels, few of each so that they meet. */
const label = fc.constantFrom("pay", 'a"b', "", "x\\y");
const seconds = fc.oneof(fc.constantFrom(0, ...BOUNDS), fc.double({ min: 0, max: 60, noNaN: true }));

t.test("a histogram exposes for any observations what prom-client's own does", async (t) => {
  const observations = fc.array(fc.tuple(label, label, seconds), { maxLength: 60 });
  const holds = fc.assert(
    fc.asyncProperty(observations, async (given) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const held = createHeldHistogram(configured(ours), BOUNDS);
      const histogram = new Histogram({ ...configured(theirs), buckets: BOUNDS });
      const series = new Map<string, { observe(value: number): void }>();
      for (const [operation, outcome, value] of given) {
        const name = JSON.stringify([operation, outcome]);
        series.set(name, series.get(name) ?? held.labels(operation, outcome));
        series.get(name)?.observe(value);
        histogram.observe({ operation, outcome }, value);
      }
      return (await ours.metrics()) === (await theirs.metrics());
    }),
  );
  await t.resolves(holds, "the same text");
});

t.test("a counter exposes what prom-client's own does, however often it is read in between", async (t) => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const held = createHeldCounter(configured(ours)).labels("pay", "injected");
  const counter = new Counter(configured(theirs));
  for (const times of [1, 0, 5]) {
    for (let n = 0; n < times; n += 1) {
      held.inc();
      counter.inc({ operation: "pay", outcome: "injected" });
    }
    t.equal(await ours.metrics(), await theirs.metrics());
  }
  t.match(await ours.metrics(), 'measured{operation="pay",outcome="injected"} 6');
});

t.test("a series that was bound and never counted is not exposed", async (t) => {
  const registry = new Registry();
  createHeldHistogram(configured(registry), BOUNDS).labels("pay", "injected");
  const other = new Registry();
  createHeldCounter(configured(other)).labels("pay", "injected");
  t.notMatch(await registry.metrics(), /measured_count/);
  t.notMatch(await other.metrics(), /measured\{/);
});

t.test("a bound series counts in numbers of its own: prom-client's spells the labels at every count", async (t) => {
  const series = createHeldHistogram(configured(new Registry()), BOUNDS).labels("pay", "injected");
  t.same(Object.keys(series), ["observe"], "a series of prom-client's also has `startTimer`");
});
