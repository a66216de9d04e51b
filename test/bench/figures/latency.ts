/** Latency that each system adds to a direct call, seen by one client that sends one call after the other. */
import type { Lane } from "../lanes.ts";
import { runGenerator } from "../load/run-load.ts";
import { median } from "../median.ts";
import type { Bench } from "../run-lane.ts";
import type { Started, System } from "../system.ts";
import { startUpstream } from "../systems/start-server.ts";
import { callOf } from "../workload.ts";
import { type Figure, failuresOf, figure } from "./figure.ts";

interface Contender {
  readonly name: string;
  readonly path: string;
  readonly started: Started;
  readonly seen: { p50: number; p99: number; wrong: readonly string[] }[];
}

/** p50 and p99 of each system of the lanes, less the direct call's of the same round. */
export async function measureLatency(lanes: readonly Lane[], { plan, folder }: Bench): Promise<readonly Figure[]> {
  const upstream = await startUpstream({ folder, core: undefined });
  const contenders: Contender[] = [{ name: "direct", path: lanes[0]?.path ?? "/", started: upstream, seen: [] }];
  try {
    const site = { folder, upstream: upstream.origin, core: undefined };
    for (const [lane, system] of here(lanes, plan.latencySystems)) {
      contenders.push({ name: `${lane.name} ${system.name}`, path: lane.path, started: await system.start(site), seen: [] });
    }
    for (let round = 0; round <= plan.ownRounds; round += 1) {
      for (const contender of contenders) {
        const seen = await takeTurn(contender, round === 0 ? plan.warmSeconds : plan.ownSeconds);
        if (round > 0) contender.seen.push(seen);
      }
    }
  } finally {
    for (const { started } of contenders.reverse()) await started.stop();
  }
  return contenders.reverse().flatMap((contender, at, [direct = contender]) => describe(contender, at === 0 ? undefined : direct));
}

function here(lanes: readonly Lane[], most: number): readonly (readonly [Lane, System])[] {
  return lanes.flatMap((lane) =>
    lane.systems
      .filter((system) => system.isHere())
      .slice(0, most)
      .map((system) => [lane, system] as const),
  );
}

async function takeTurn({ path, started }: Contender, seconds: number): Promise<Contender["seen"][number]> {
  const calls = [{ ...callOf(path), expect: "any-200" as const }];
  const load = await runGenerator({ origin: started.origin, protocol: "http1", calls, connections: 1, seconds });
  return { p50: load.latencyMs.p50, p99: load.latencyMs.p99, wrong: failuresOf(load) };
}

function describe({ name, seen }: Contender, direct: Contender | undefined): readonly Figure[] {
  const wrong = [...new Set(seen.flatMap((turn) => turn.wrong))];
  return (["p50", "p99"] as const).map((which) => {
    const added = median(seen.map((turn, round) => turn[which] - (direct?.seen[round]?.[which] ?? 0)));
    return figure(`${direct === undefined ? "latency" : "latency added"}, ${which}: ${name}`, added, "ms", { wrong });
  });
}
