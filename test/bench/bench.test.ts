import t from "tap";
import { makeBenchFolder } from "./bench-folder.ts";
import { failuresOf, isReached } from "./figures/figure.ts";
import { LANES, type Lane } from "./lanes.ts";
import { runGenerator } from "./load/run-load.ts";
import { median, percentile, trend } from "./median.ts";
import type { Plan } from "./plan.ts";
import { ratiosOf, wrongsOf } from "./report.ts";
import { runLane } from "./run-lane.ts";
import type { Cycle } from "./soak/cycle.ts";
import { judgeSoak } from "./soak/verdict.ts";
import { keepAliveHttpProxy, undiciForwarder } from "./systems/peers.ts";
import { startUpstream } from "./systems/start-server.ts";
import { callOf, INQUIRY } from "./workload.ts";

const folder = makeBenchFolder();
t.teardown(folder.remove);
const plan: Plan = {
  rounds: 1,
  seconds: 0.3,
  peers: "all",
  warmSeconds: 0.1,
  connections: 4,
  ownSeconds: 0.1,
  ownRounds: 1,
  latencySystems: 1,
  memorySeconds: 0.1,
  starts: 1,
  reloads: 1,
  handshakes: 1,
};
const bench = { plan, folder, tool: "own" as const };
const lane = (name: string): Lane => {
  const found = LANES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no lane ${name}`);
  return { ...found, systems: found.systems.slice(0, 1), isPinned: false, reach: [] };
};

t.test("in each lane this proxy answers calls, and every answer looked at is right", async (t) => {
  for (const name of ["A", "B", "C"]) {
    const [row] = (await runLane(lane(name), bench)).rows;
    t.same(row?.wrong, [], `lane ${name}`);
    t.ok((row?.callsPerSecond ?? 0) > 0, `lane ${name} carried calls`);
    t.ok((row?.checked ?? 0) > 0, `answers of lane ${name} were looked at`);
  }
});

t.test("a fast wrong answer fails the benchmark: a peer that does not sign again, in the lane where all sign", async (t) => {
  const systems = [{ ...undiciForwarder, expect: "resigned" as const }];
  const result = await runLane({ ...lane("B"), systems }, bench);
  t.same(result.rows[0]?.wrong, ["the signature does not verify"]);
  t.same(wrongsOf({ lanes: [result], figures: [] }), [`${undiciForwarder.name}: the signature does not verify`]);
});

t.test("an answer with another body fails it too", async (t) => {
  const result = await runLane({ ...lane("C"), systems: [{ ...keepAliveHttpProxy, expect: "overridden-unsigned" as const }] }, bench);
  t.same(result.rows[0]?.wrong, ["not the body that was to be expected"]);
});

t.test("the load tells calls that were not answered as expected", async (t) => {
  const upstream = await startUpstream({ folder, core: undefined });
  t.teardown(upstream.stop);
  const order = { origin: upstream.origin, protocol: "http1" as const, connections: 2, seconds: 0.2 };
  const fine = await runGenerator({ ...order, calls: [{ ...callOf(INQUIRY), expect: "forwarded" }] });
  t.equal(fine.failed, 0);
  const unmarked = await runGenerator({ ...order, calls: [{ ...callOf(INQUIRY), expect: "injected" }], rate: 100 });
  t.ok(unmarked.calls > 5 && unmarked.calls < 40, "the rate is kept");
  t.equal(unmarked.failed, unmarked.calls);
  t.match(failuresOf(unmarked)[0], /forwarded instead of injected/);
  await upstream.stop();
  const refused = await runGenerator({ ...order, calls: [{ ...callOf(INQUIRY), expect: "any-200" }] });
  t.equal(refused.failed, refused.calls);
  t.match(refused.failures[0]?.what, /ECONNREFUSED/);
});

t.test("ratios compare our calls a second with those of the peers and of openssl, round by round", (t) => {
  const row = { callsPerSecond: 0, cpuMicroseconds: undefined, checked: 1, wrong: [] };
  const rows = [
    { ...row, system: "ours", rounds: [300, 100, 40] },
    { ...row, system: keepAliveHttpProxy.name, rounds: [100, 20, 20] },
  ];
  const [ratio] = ratiosOf({ name: "A", title: "", rows, signing: [] });
  t.match(ratio, { value: 3, reach: { atLeast: 1.5 } });
  t.ok(ratio !== undefined && isReached(ratio));
  t.same(
    ratiosOf({ name: "B", title: "", rows, signing: [600, 200, 80] }).map(({ value }) => value),
    [0.5],
    "a peer that is not there is left out",
  );
  t.end();
});

t.test("medians, percentiles and trends", (t) => {
  t.equal(median([3, 1, 2]), 2);
  t.equal(median([4, 1, 2, 3]), 2.5);
  t.equal(percentile([1, 2, 3, 4], 0.5), 2);
  t.equal(percentile([1, 2, 3, 4], 0.99), 4);
  t.equal(trend([1, 3, 5]), 2);
  t.equal(trend([5]), 0);
  t.end();
});

t.test("a soak fails for a growing heap, a socket left open, a call that failed unasked and a save that was missed", (t) => {
  const cycle = (heapMib: number, changes: Partial<Cycle> = {}): Cycle => ({
    load: { calls: 1, seconds: 1, cpuSeconds: 0, failed: 0, failures: [], latencyMs: { p50: 1, p99: 1, max: 1 } },
    reloads: 3,
    unasked: [],
    probe: { heapBytes: heapMib * 2 ** 20, externalBytes: 0, residentBytes: 0, handles: {} },
    ...changes,
  });
  const flat = [20, 30, 31, 30, 30, 31].map((mib) => cycle(mib));
  t.same(judgeSoak(flat, 0, 3), []);
  t.match(
    judgeSoak(
      [20, 30, 40, 50, 60, 70].map((mib) => cycle(mib)),
      0,
      3,
    ),
    [/^the heap grew by 30/],
  );
  t.match(judgeSoak(flat, 2, 3), [/^2 sockets are still open/]);
  t.match(judgeSoak(flat, 0, 4), [/^24 saves led to 18 reloads/]);
  const failure = { atMs: 1, path: "/a/pay", what: "status 502, failed" };
  t.match(judgeSoak([...flat, cycle(30, { unasked: [failure, failure] })], 0, 3), [/^2 calls failed .*: 2 × pay: status 502, failed/]);
  t.end();
});
