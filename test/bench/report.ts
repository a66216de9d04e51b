/** The benchmark's figures as text for a person and as JSON for a machine. */
import { type Figure, isReached } from "./figures/figure.ts";
import { LANES, type Reach, SIGNING_LIMIT } from "./lanes.ts";
import type { Machine } from "./machine.ts";
import { median, timesOf } from "./median.ts";
import type { LaneResult, Row } from "./run-lane.ts";

export interface Report {
  readonly takenAt: string;
  readonly machine: Machine;
  /** `wrk` or the benchmark's own generator. */
  readonly loadBy: string;
  readonly quick: boolean;
  readonly lanes: readonly LaneResult[];
  /** Our speed over others', with what was to be reached. */
  readonly ratios: readonly Figure[];
  readonly figures: readonly Figure[];
}

/** Our calls a second over each system's that the lane names a target for: the median of all rounds' own ratios. */
export function ratiosOf(result: LaneResult): readonly Figure[] {
  const ours = result.rows[0];
  const reach = LANES.find((lane) => lane.name === result.name)?.reach ?? [];
  return reach.flatMap(({ against, atLeast }: Reach) => {
    const theirs = against === SIGNING_LIMIT ? result.signing : result.rows.find((row) => row.system === against)?.rounds;
    if (theirs === undefined || theirs.length === 0 || ours === undefined) return [];
    const value = Number(timesOf(ours.rounds, theirs).toFixed(2));
    return [{ name: `lane ${result.name} against ${against}`, value, unit: "times", reach: { atLeast }, wrong: [] }];
  });
}

/** Everything that was not right, and not merely slow. */
export function wrongsOf(report: Pick<Report, "lanes" | "figures">): readonly string[] {
  const rows = report.lanes.flatMap((lane) => lane.rows.flatMap((row) => row.wrong.map((wrong) => `${row.system}: ${wrong}`)));
  return [...rows, ...report.figures.flatMap(({ name, wrong }) => wrong.map((what) => `${name}: ${what}`))];
}

export function printLane({ name, title, rows, signing }: LaneResult): string {
  const ours = rows[0]?.rounds ?? [];
  const table = rows.map((row) => `  ${row.system.padEnd(48)}${tellRow(row)}  ours ${timesTold(ours, row).toFixed(2)} ×`);
  const limit = signing.length === 0 ? [] : [`  ${SIGNING_LIMIT.padEnd(48)}${String(Math.round(median(signing))).padStart(7)}/s`];
  return [`\nLane ${name}: ${title}`, ...table, ...limit].join("\n");
}

/** Round by round where both took turns, else median by median. */
function timesTold(ours: readonly number[], row: Row): number {
  return row.rounds.length === ours.length ? timesOf(ours, row.rounds) : median(ours) / row.callsPerSecond;
}

export function printFigures(figures: readonly Figure[]): string {
  return figures.map((one) => `  ${one.name.padEnd(66)}${tellValue(one)}${tellReach(one)}${tellWrong(one.wrong)}`).join("\n");
}

function tellRow({ callsPerSecond, cpuMicroseconds, checked, wrong }: Row): string {
  const cpu = cpuMicroseconds === undefined ? "" : `${String(cpuMicroseconds).padStart(6)} µs CPU/call`;
  const answers = wrong.length === 0 ? `${String(checked).padStart(5)} answers right` : tellWrong(wrong);
  return `${String(callsPerSecond).padStart(7)}/s${cpu}${answers}`;
}

function tellValue({ value, unit }: Figure): string {
  return `${String(value).padStart(9)} ${unit}`;
}

function tellReach(one: Figure): string {
  if (one.reach === undefined) return "";
  const target = "atLeast" in one.reach ? `at least ${one.reach.atLeast}` : `at most ${one.reach.atMost}`;
  return `  (${isReached(one) ? "reached" : "MISSED"}: ${target})`;
}

function tellWrong(wrong: readonly string[]): string {
  return wrong.length === 0 ? "" : `  WRONG: ${wrong.join("; ")}`;
}
