/** `npm run bench [-- --quick] [-- --only A,B,latency …]`: the proxy beside its peers. Exit code 1 when any answer was wrong. */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { makeBenchFolder } from "./bench-folder.ts";
import { type Figure, isReached } from "./figures/figure.ts";
import { measureHandshakes } from "./figures/handshakes.ts";
import { measureInbound } from "./figures/inbound.ts";
import { measureLatency } from "./figures/latency.ts";
import { measureMemory } from "./figures/memory.ts";
import { measurePage } from "./figures/page.ts";
import { measureReload } from "./figures/reload.ts";
import { measureRulesScale } from "./figures/rules-scale.ts";
import { measureStartup } from "./figures/startup.ts";
import { LANES } from "./lanes.ts";
import { chooseTool } from "./load/run-load.ts";
import { describeMachine } from "./machine.ts";
import { QUICK, WHOLE } from "./plan.ts";
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

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, only: { type: "string" } } });
const only = values.only?.split(",");
const isAsked = (name: string): boolean => only === undefined || only.includes(name);
process.exitCode = await main();

async function main(): Promise<number> {
  const machine = describeMachine();
  const bench: Bench = { plan: values.quick ? QUICK : WHOLE, folder: makeBenchFolder(), tool: chooseTool() };
  say(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}, Node ${machine.node}`);
  say(
    `load by ${bench.tool}, ${bench.plan.connections} connections, ${bench.plan.rounds} × ${bench.plan.seconds} s; load average ${machine.loadAverage.toFixed(2)}`,
  );
  if (values.quick) say("a quick run only shows that everything works: systems are not warm yet, and ratios want the whole run");
  try {
    const lanes = await runLanes(bench);
    const ratios = lanes.flatMap(ratiosOf);
    say(`\nRatios\n${printFigures(ratios)}`);
    const figures = await runMeasurements(bench);
    const report = { takenAt: new Date().toISOString(), machine, loadBy: bench.tool, quick: values.quick, lanes, ratios, figures };
    say(`\nwritten to ${write(report)}`);
    return conclude(report);
  } finally {
    bench.folder.remove();
  }
}

async function runLanes(bench: Bench): Promise<readonly LaneResult[]> {
  const results: LaneResult[] = [];
  for (const lane of LANES.filter(({ name }) => isAsked(name))) {
    const result = await runLane(lane, bench);
    say(printLane(result));
    results.push(result);
  }
  return results;
}

async function runMeasurements(bench: Bench): Promise<readonly Figure[]> {
  const all: Figure[] = [];
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (!isAsked(name)) continue;
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

function write(report: Report): string {
  const folder = "bench-results";
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/${report.takenAt.replaceAll(/[:.]/g, "-")}.json`;
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  return file;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
