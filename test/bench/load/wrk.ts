/** Load by wrk, where it is installed: it takes less of the machine than Node does. HTTP/1.1 at full speed only. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CallShape } from "../workload.ts";

export interface WrkOrder {
  readonly origin: string;
  readonly call: CallShape;
  readonly connections: number;
  readonly seconds: number;
  /** Where its script goes. */
  readonly folder: string;
  /** Processor to run on. */
  readonly core: number | undefined;
}

export interface WrkResult {
  readonly calls: number;
  readonly seconds: number;
  readonly failed: number;
}

const run = promisify(execFile);

/** Runs wrk on one thread. Rejects when it fails. */
export async function runWrk(order: WrkOrder): Promise<WrkResult> {
  const script = join(order.folder, "call.lua");
  writeFileSync(script, scriptOf(order.call));
  const { origin, connections, seconds, core } = order;
  const words = ["-t", "1", "-c", String(connections), "-d", `${Math.max(1, Math.round(seconds))}s`, "-s", script, origin];
  const { stdout } = core === undefined ? await run("wrk", words) : await run("taskset", ["-c", String(core), "wrk", ...words]);
  return readResult(stdout);
}

/** The script prints `RESULT calls microseconds failed`. */
function scriptOf({ method, path, headers, body }: CallShape): string {
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = [==[${value}]==]`);
  return `wrk.method = "${method}"
wrk.path = "${path}"
wrk.body = [==[${body}]==]
${lines.join("\n")}
function done(summary)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

function readResult(output: string): WrkResult {
  const [, calls, microseconds, failed] = /RESULT (\d+) (\d+) (\d+)/.exec(output) ?? [];
  if (calls === undefined) throw new Error(`wrk gave no result:\n${output}`);
  return { calls: Number(calls), seconds: Number(microseconds) / 1e6, failed: Number(failed) };
}
