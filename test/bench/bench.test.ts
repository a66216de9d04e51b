import t from "tap";
import { HELP, readArguments } from "./arguments.ts";
import { makeBenchFolder } from "./bench-folder.ts";
import { compareOn, judge, otherBuild, printComparison, wrongsIn } from "./compare.ts";
import { failuresOf, isReached } from "./figures/figure.ts";
import { filesPerCall } from "./files-per-call.ts";
import { LANES, type Lane } from "./lanes.ts";
import { runGenerator } from "./load/run-load.ts";
import { median, medianInterval, percentile, trend } from "./median.ts";
import type { Plan } from "./plan.ts";
import { ratiosOf, wrongsOf } from "./report.ts";
import { runLane } from "./run-lane.ts";
import type { Cycle } from "./soak/cycle.ts";
import { judgeSoak } from "./soak/verdict.ts";
import { DIST } from "./systems/antom-fault-proxy.ts";
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
  const row = { callsPerSecond: 0, cpuMicroseconds: undefined, cpuRounds: [], checked: 1, wrong: [] };
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

t.test("the interval of a median goes from the k-th smallest to the k-th largest round, as the binomial distribution says", (t) => {
  const rounds = (count: number) => Array.from({ length: count }, (_, at) => ((at * 7) % count) + 1);
  t.match(medianInterval(rounds(25)), { low: 8, high: 18 }, "25 rounds: ranks 8 and 18");
  t.ok(Math.abs(medianInterval(rounds(25)).coverage - 0.9567) < 0.0001);
  t.match(medianInterval(rounds(6)), { low: 1, high: 6, coverage: 1 - 2 / 64 });
  t.match(medianInterval(rounds(100)), { low: 40, high: 61 });
  t.match(medianInterval(rounds(25), 0.99), { low: 6, high: 20 });
  t.same(medianInterval(rounds(5)), { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, coverage: 1 }, "too few say nothing");
  t.end();
});

t.test("a build has lost only when the whole interval of the rounds' ratios is past the limit", (t) => {
  const theirs = Array.from({ length: 25 }, (_, round) => 100 + round);
  const by = (factor: (round: number) => number) =>
    judge(
      theirs.map((cpu, round) => cpu * factor(round)),
      theirs,
      3,
    );
  t.match(
    by(() => 1.05),
    { verdict: "loss" },
  );
  t.ok(Math.abs(by(() => 1.05).ratio - 1.05) < 1e-9, "the median of the rounds' own ratios");
  t.equal(by(() => 1.02).verdict, "none");
  t.equal(by(() => 0.9).verdict, "none");
  t.equal(by((round) => (round < 10 ? 1 : 1.1)).verdict, "undecided", "10 of 25 rounds within the limit: the 8th smallest is");
  t.equal(by((round) => (round < 7 ? 1 : 1.1)).verdict, "loss", "7 of 25 do not hold up the verdict");
  t.equal(by((round) => (round < 17 ? 1 : 1.1)).verdict, "undecided");
  t.equal(by((round) => (round < 18 ? 1 : 1.1)).verdict, "none");
  t.throws(() => judge([1, Number.NaN], [1, 1], 3), /no CPU time per call/);
  t.end();
});

t.test("the arguments: 25 rounds and a limit of 3 % unless given, and mistakes are told", (t) => {
  const names = ["latency"];
  t.match(readArguments(["--against", "x"], names), { against: "x", lossPercent: 3, files: false, plan: { rounds: 25, seconds: 1 } });
  const words = ["--against", "x", "--only", "A,C", "--loss", "5", "--rounds", "30", "--seconds", "0.5"];
  t.match(readArguments(words, names), { only: ["A", "C"], lossPercent: 5, plan: { rounds: 30, seconds: 0.5 } });
  t.same(readArguments(["--only", "B,latency"], names).only, ["B", "latency"]);
  t.throws(() => readArguments(["--only", "D"], names), /unknown name `D` in --only \(expected some of A, B, C, latency\)/);
  t.throws(() => readArguments(["--against", "x", "--only", "latency"], names), /unknown name `latency`/);
  t.throws(() => readArguments(["--against", "x", "--rounds", "5"], names), /at least 6 --rounds/);
  t.throws(() => readArguments(["--loss", "much"], names), /--loss needs a number/);
  t.throws(() => readArguments(["--lose", "3"], names), /Unknown option/);
  for (const option of ["only", "quick", "rounds", "seconds", "against", "loss", "files"]) t.ok(HELP.includes(`--${option}`), option);
  t.throws(() => otherBuild("no-such-folder"), /`no-such-folder` has no launch.cjs/);
  t.end();
});

t.test("two builds take turns on a lane, and every answer of both is right", async (t) => {
  const comparison = await compareOn(lane("C"), otherBuild(DIST), { ...bench, plan: { ...plan, rounds: 2 }, lossPercent: 3 });
  t.same([comparison.ours.cpuRounds.length, comparison.theirs.cpuRounds.length], [2, 2]);
  t.same(wrongsIn([comparison]), []);
  t.equal(comparison.verdict, "undecided", "two rounds decide nothing");
  t.match(printComparison(comparison, 3), /Lane C\n {2}this build .* µs CPU\/call.*\n {2}the other build .*\n.*undecided at 3 %/);
  const wrong = { ...comparison, ours: { ...comparison.ours, wrong: ["another call's client id"] } };
  t.same(wrongsIn([wrong]), ["lane C, this build: another call's client id"]);
});

t.test("the files that a warm call runs through are those of its way, and no others", async (t) => {
  const files = await filesPerCall(lane("B"), folder);
  t.ok(files.includes("upstream/exchange"), files.join(" "));
  t.ok(files.includes("antom/signature"));
  for (const folder of ["cli/", "config/", "sandbox/", "admin/", "dashboard/"]) {
    t.same(
      files.filter((file) => file.startsWith(folder)),
      [],
      `none of ${folder}`,
    );
  }
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
