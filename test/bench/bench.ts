/** `npm run bench`: the proxy beside its peers, or beside another build of itself, or the files that a call runs through; `-- --help` tells more. */
import { mkdirSync, writeFileSync } from "node:fs";
import { type BenchArguments, HELP, readArguments } from "./arguments.ts";
import { makeBenchFolder } from "./bench-folder.ts";
import { type Comparison, compareOn, otherBuild, printComparison, wrongsIn } from "./compare.ts";
import { type Figure, isReached } from "./figures/figure.ts";
import { measureHandshakes } from "./figures/handshakes.ts";
import { measureInbound } from "./figures/inbound.ts";
import { measureLatency } from "./figures/latency.ts";
import { measureMemory } from "./figures/memory.ts";
import { measurePage } from "./figures/page.ts";
import { measureReload } from "./figures/reload.ts";
import { measureRulesScale } from "./figures/rules-scale.ts";
import { measureStartup } from "./figures/startup.ts";
import { filesPerCall, printFiles } from "./files-per-call.ts";
import { LANES } from "./lanes.ts";
import { chooseTool } from "./load/run-load.ts";
import { describeMachine, type Machine } from "./machine.ts";
import { printFigures, printLane, type Report, ratiosOf, wrongsOf } from "./report.ts";
import { type Bench, type LaneResult, runLane } from "./run-lane.ts";

const MEASUREMENTS: Readonly<Record<string, (bench: Bench) => Promise<readonly Figure[]>>> = {
  latency: (bench) => measureLatency(LANES, bench),
  startup: measureStartup,
  memory: measureMemory,
  inbound: measureInbound,
  handshakes: measureHandshakes,
  rules: measureRulesScale,
  reload: measureReload,
  page: measurePage,
};

/** What is asked for, and what a run needs. */
interface Run extends Bench, Omit<BenchArguments, "plan"> {}

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = read();
  if (asked === undefined) return 2;
  if (asked.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const run: Run = { ...asked, folder: makeBenchFolder(), tool: chooseTool() };
  try {
    if (asked.files) return await tellFiles(run);
    return asked.against === undefined ? await measureAll(run) : await compareBuilds(run, asked.against);
  } finally {
    run.folder.remove();
  }
}

/** Undefined when the arguments are wrong, which is then said. */
function read(): BenchArguments | undefined {
  try {
    const asked = readArguments(process.argv.slice(2), Object.keys(MEASUREMENTS));
    return asked.against === undefined ? asked : { ...asked, against: otherBuild(asked.against) };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

function isAsked(name: string, { only }: Run): boolean {
  return only === undefined || only.includes(name);
}

/** Lane B, the default way of a call, unless others are asked for. */
async function tellFiles(run: Run): Promise<number> {
  for (const lane of LANES.filter(({ name }) => (run.only ?? ["B"]).includes(name))) {
    say(printFiles(`Lane ${lane.name}`, await filesPerCall(lane, run.folder)));
    if (run.against !== undefined) say(printFiles(`Lane ${lane.name}, the other build`, await filesPerCall(lane, run.folder, run.against)));
  }
  return 0;
}

async function compareBuilds(run: Run, against: string): Promise<number> {
  const machine = sayMachine(run);
  const comparisons: Comparison[] = [];
  for (const lane of LANES.filter(({ name }) => isAsked(name, run))) {
    const comparison = await compareOn(lane, against, run);
    say(printComparison(comparison, run.lossPercent));
    comparisons.push(comparison);
  }
  const report = { takenAt: new Date().toISOString(), machine, loadBy: run.tool, lossPercent: run.lossPercent, comparisons };
  say(`\nload average now ${describeMachine().loadAverage.toFixed(2)}; written to ${write(report)}`);
  const wrongs = wrongsIn(comparisons);
  if (wrongs.length > 0) say(`WRONG:\n  ${wrongs.join("\n  ")}`);
  return wrongs.length > 0 || comparisons.some(({ verdict }) => verdict === "loss") ? 1 : 0;
}

function sayMachine(bench: Run): Machine {
  const machine = describeMachine();
  say(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}, Node ${machine.node}`);
  say(
    `load by ${bench.tool}, ${bench.plan.connections} connections, ${bench.plan.rounds} × ${bench.plan.seconds} s; load average ${machine.loadAverage.toFixed(2)}`,
  );
  return machine;
}

async function measureAll(run: Run): Promise<number> {
  const machine = sayMachine(run);
  if (run.quick) say("a quick run only shows that everything works: systems are not warm yet, and ratios want the whole run");
  const lanes = await runLanes(run);
  const ratios = lanes.flatMap(ratiosOf);
  say(`\nRatios\n${printFigures(ratios)}`);
  const figures = await runMeasurements(run);
  const report = { takenAt: new Date().toISOString(), machine, loadBy: run.tool, quick: run.quick, lanes, ratios, figures };
  say(`\nwritten to ${write(report)}`);
  return conclude(report);
}

async function runLanes(bench: Run): Promise<readonly LaneResult[]> {
  const results: LaneResult[] = [];
  for (const lane of LANES.filter(({ name }) => isAsked(name, bench))) {
    const result = await runLane(lane, bench);
    say(printLane(result));
    results.push(result);
  }
  return results;
}

async function runMeasurements(bench: Run): Promise<readonly Figure[]> {
  const all: Figure[] = [];
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (!isAsked(name, bench)) continue;
    const figures = await measure(bench);
    say(`\n${name}\n${figures.length === 0 ? "  not there" : printFigures(figures)}`);
    all.push(...figures);
  }
  return all;
}

function conclude(report: Report): number {
  const wrongs = wrongsOf(report);
  const missed = [...report.ratios, ...report.figures].filter((one) => !isReached(one));
  if (missed.length > 0) say(`missed: ${missed.map(({ name }) => name).join("; ")}`);
  say(wrongs.length === 0 ? "every answer looked at was right" : `WRONG:\n  ${wrongs.join("\n  ")}`);
  return wrongs.length === 0 ? 0 : 1;
}

function write(report: Report | Omit<Report, "quick" | "lanes" | "ratios" | "figures">): string {
  const folder = "bench-results";
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/${report.takenAt.replaceAll(/[:.]/g, "-")}.json`;
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  return file;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
