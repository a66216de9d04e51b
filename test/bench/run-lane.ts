/** Runs one lane: starts its systems, loads them in turn, round after round, and checks their answers meanwhile. */
import { cpuSecondsOf } from "./cpu.ts";
import { type Lane, SIGNING_LIMIT } from "./lanes.ts";
import { runFullSpeed, type Throughput } from "./load/run-load.ts";
import { chooseCores } from "./machine.ts";
import { median } from "./median.ts";
import type { Plan } from "./plan.ts";
import { type Sample, sampleAnswers } from "./sample.ts";
import { measureSigningLimit } from "./signing-limit.ts";
import type { Site, Started, System } from "./system.ts";
import { startUpstream } from "./systems/start-server.ts";
import { callOf } from "./workload.ts";

export interface Row {
  readonly system: string;
  readonly callsPerSecond: number;
  /** Each round's. */
  readonly rounds: readonly number[];
  /** CPU time of the system for one call; undefined off Linux. */
  readonly cpuMicroseconds: number | undefined;
  /** The same of each round; NaN for one that could not be measured. */
  readonly cpuRounds: readonly number[];
  readonly checked: number;
  /** Why its answers are not right; empty when they are. */
  readonly wrong: readonly string[];
}

export interface LaneResult {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** Signatures a second, measured in each round; empty without openssl. */
  readonly signing: readonly number[];
}

export interface Bench {
  readonly plan: Plan;
  readonly folder: Site["folder"];
  readonly tool: "wrk" | "own";
}

interface Turn extends Throughput {
  readonly cpuSeconds: number | undefined;
  readonly sample: Sample;
}

interface Running {
  readonly system: System;
  readonly started: Started;
  readonly turns: Turn[];
}

/** Resolves when all rounds are over and everything has been stopped. */
export async function runLane(lane: Lane, bench: Bench): Promise<LaneResult> {
  const { upstream, site, load } = await prepare(lane, bench);
  const signing: number[] = [];
  const measureLimit = async (): Promise<void> => {
    const limit = lane.reach.some(({ against }) => against === SIGNING_LIMIT) ? await measureSigningLimit() : undefined;
    if (limit !== undefined) signing.push(limit);
  };
  try {
    const { compared, others } = parted(lane);
    const rows = await runRounds(compared, site, { ...load, rounds: bench.plan.rounds, between: measureLimit });
    const further = bench.plan.peers === "all" ? others : [];
    const otherRows = await runRounds(further, site, {
      ...load,
      rounds: Math.ceil(bench.plan.rounds / OTHERS_SHARE),
      between: async () => undefined,
    });
    return { name: lane.name, title: lane.title, rows: [...rows, ...otherRows], signing };
  } finally {
    await upstream.stop();
  }
}

/** The rows of `systems` on the lane's call, in turns; every other round takes them in reverse, so that neither gains by its place. */
export async function runAlternating(systems: readonly System[], lane: Lane, bench: Bench): Promise<readonly Row[]> {
  const { upstream, site, load } = await prepare(lane, bench);
  try {
    return await runRounds(systems, site, { ...load, rounds: bench.plan.rounds, between: async () => undefined, isAlternating: true });
  } finally {
    await upstream.stop();
  }
}

async function prepare(lane: Lane, bench: Bench) {
  const cores = lane.isPinned ? chooseCores() : { system: undefined, others: undefined };
  const upstream = await startUpstream({ folder: bench.folder, core: cores.others });
  const site: Site = { folder: bench.folder, upstream: upstream.origin, core: cores.system };
  return { upstream, site, load: { lane, bench, core: cores.others } };
}

/** Rounds of the systems that no target names, as a part of those of the others. */
const OTHERS_SHARE = 5;

/** Ours, which is the first, and those that it is compared with; and the rest. A process that idles for seconds gives memory back and is slow at first: the two take no turns with each other. */
function parted({ systems, reach }: Lane): { readonly compared: readonly System[]; readonly others: readonly System[] } {
  const isCompared = (system: System): boolean => system === systems[0] || reach.some(({ against }) => against === system.name);
  return { compared: systems.filter(isCompared), others: systems.filter((system) => !isCompared(system)) };
}

interface Rounds extends Omit<Load, "seconds"> {
  readonly rounds: number;
  readonly between: () => Promise<void>;
  /** Every other round in reverse order. */
  readonly isAlternating?: boolean;
}

async function runRounds(
  systems: readonly System[],
  site: Site,
  { rounds, between, isAlternating, ...load }: Rounds,
): Promise<readonly Row[]> {
  const { warmSeconds, seconds } = load.bench.plan;
  const running: Running[] = [];
  try {
    for (const system of systems) if (system.isHere()) running.push({ system, started: await system.start(site), turns: [] });
    for (const { system, started } of running) await takeTurn(system, started, { ...load, seconds: warmSeconds });
    for (let round = 0; round < rounds; round += 1) {
      await between();
      const inTurn = isAlternating === true && round % 2 === 1 ? running.toReversed() : running;
      for (const { system, started, turns } of inTurn) turns.push(await takeTurn(system, started, { ...load, seconds }));
    }
  } finally {
    for (const { started } of running) await started.stop();
  }
  return running.map(({ system, turns }) => summarise(system.name, turns));
}

interface Load {
  readonly lane: Lane;
  readonly bench: Bench;
  readonly core: number | undefined;
  readonly seconds: number;
}

async function takeTurn(system: System, started: Started, { lane, bench, core, seconds }: Load): Promise<Turn> {
  const over = new AbortController();
  const { origin, pid } = started;
  const sampling = sampleAnswers({ origin, path: lane.path, expect: system.expect, keys: bench.folder.keys }, over.signal);
  const before = cpuSecondsOf(pid);
  const { connections } = bench.plan;
  const order = { origin, call: callOf(lane.path), connections, seconds, folder: bench.folder.path, core, tool: bench.tool };
  const load = await runFullSpeed(order).finally(() => over.abort());
  const after = cpuSecondsOf(pid);
  const sample = await sampling;
  return { ...load, cpuSeconds: before === undefined || after === undefined ? undefined : after - before, sample };
}

function summarise(system: string, turns: readonly Turn[]): Row {
  const rounds = turns.map(({ calls, failed, seconds }) => Math.round((calls - failed) / seconds));
  const cpuRounds = turns.map(({ cpuSeconds, calls }) => ((cpuSeconds ?? Number.NaN) / calls) * 1e6);
  const cpu = cpuRounds.filter(Number.isFinite);
  const failed = turns.reduce((sum, turn) => sum + turn.failed, 0);
  const failures = failed === 0 ? [] : [`${failed} calls of the load failed`];
  return {
    system,
    callsPerSecond: Math.round(median(rounds)),
    rounds,
    cpuMicroseconds: cpu.length === 0 ? undefined : Math.round(median(cpu)),
    cpuRounds,
    checked: turns.reduce((sum, turn) => sum + turn.sample.checked, 0),
    wrong: [...failures, ...new Set(turns.flatMap((turn) => turn.sample.wrong))],
  };
}
