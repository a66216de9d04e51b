/** Compares this build with another one: both run at once and take their turns on the same lane, and CPU time per call decides. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Lane } from "./lanes.ts";
import { type Interval, median, medianInterval } from "./median.ts";
import { type Bench, type Row, runAlternating } from "./run-lane.ts";
import { DIST, proxySystem } from "./systems/antom-fault-proxy.ts";

export interface Comparison {
  readonly lane: string;
  readonly ours: Row;
  readonly theirs: Row;
  /** CPU time per call of this build over that of the other, in each round; above 1: this one costs more. */
  readonly ratios: readonly number[];
  readonly ratio: number;
  readonly interval: Interval;
  readonly verdict: Verdict;
}

/** `loss`: the whole interval is past the allowed loss; `none`: the whole interval is within it; `undecided`: it holds the limit, so more or longer rounds are needed. */
export type Verdict = "loss" | "none" | "undecided";

/** Absolute path of the folder of another build. Throws when no build is there. */
export function otherBuild(folder: string): string {
  const path = resolve(folder);
  if (existsSync(join(path, "launch.cjs"))) return path;
  throw new Error(
    `\`${folder}\` has no launch.cjs: name the dist folder of a built checkout (git worktree add ../before <commit>, then npm ci and npm run build there)`,
  );
}

/** Runs this build and the one in `dist` on the lane; `lossPercent` is what this one may cost more. */
export async function compareOn(lane: Lane, dist: string, bench: Bench & { readonly lossPercent: number }): Promise<Comparison> {
  const builds = [
    proxySystem({ ...lane.ours, name: "this build", dist: DIST }),
    proxySystem({ ...lane.ours, name: "the other build", dist }),
  ];
  const [ours, theirs] = await runAlternating(builds, lane, bench);
  if (ours === undefined || theirs === undefined) throw new Error("a build was not run");
  return { lane: lane.name, ours, theirs, ...judge(ours.cpuRounds, theirs.cpuRounds, bench.lossPercent) };
}

/** The arithmetic of a comparison. Throws when a round could not be measured. */
export function judge(
  ours: readonly number[],
  theirs: readonly number[],
  lossPercent: number,
): Pick<Comparison, "ratios" | "ratio" | "interval" | "verdict"> {
  const ratios = ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
  if (!ratios.every(Number.isFinite)) throw new Error("a round has no CPU time per call: it needs Linux's /proc, and calls in every round");
  const interval = medianInterval(ratios);
  const limit = 1 + lossPercent / 100;
  const verdict = interval.low > limit ? "loss" : interval.high <= limit ? "none" : "undecided";
  return { ratios, ratio: median(ratios), interval, verdict };
}

/** The figures of both builds and the verdict, for a person. */
export function printComparison({ lane, ours, theirs, ratios, ratio, interval, verdict }: Comparison, lossPercent: number): string {
  const rows = [ours, theirs].map((row) => {
    const cpu = `${median(row.cpuRounds).toFixed(1).padStart(8)} µs CPU/call${String(row.callsPerSecond).padStart(8)}/s`;
    return `  ${row.system.padEnd(16)}${cpu}${String(row.checked).padStart(6)} answers checked`;
  });
  const share = `${(interval.coverage * 100).toFixed(1)} %`;
  const range = `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)} at ${share}, ${ratios.length} rounds`;
  return [`\nLane ${lane}`, ...rows, `  CPU per call is ${ratio.toFixed(3)} × the other's (${range}): ${tell(verdict, lossPercent)}`].join(
    "\n",
  );
}

function tell(verdict: Verdict, lossPercent: number): string {
  switch (verdict) {
    case "loss":
      return `LOSS of more than ${lossPercent} %`;
    case "none":
      return `no loss of more than ${lossPercent} %`;
    case "undecided":
      return `undecided at ${lossPercent} %, more or longer rounds would tell`;
    default:
      return verdict satisfies never;
  }
}

/** Answers that were not right, of either build. */
export function wrongsIn(comparisons: readonly Comparison[]): readonly string[] {
  return comparisons.flatMap(({ lane, ours, theirs }) =>
    [ours, theirs].flatMap((row) => row.wrong.map((wrong) => `lane ${lane}, ${row.system}: ${wrong}`)),
  );
}
