/** Runs the load in another process: wrk or the benchmark's own generator. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isInstalled } from "../machine.ts";
import type { CallShape } from "../workload.ts";
import { type LoadResult, type Order, resultShape } from "./order.ts";
import { runWrk } from "./wrk.ts";

const GENERATOR = fileURLToPath(new URL("generate.js", import.meta.url));

/** The benchmark's own generator, on `core` if that is given. */
export function runGenerator(order: Order, core?: number): Promise<LoadResult> {
  const words = [GENERATOR, JSON.stringify(order)];
  const [command, args] = core === undefined ? [process.execPath, words] : ["taskset", ["-c", String(core), process.execPath, ...words]];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(resultShape.parse(JSON.parse(Buffer.concat(chunks).toString())));
      else reject(new Error(`the load ended with code ${code}`));
    });
  });
}

export interface Throughput {
  readonly calls: number;
  readonly seconds: number;
  readonly failed: number;
}

export interface ThroughputOrder {
  readonly origin: string;
  readonly call: CallShape;
  readonly connections: number;
  readonly seconds: number;
  readonly folder: string;
  readonly core: number | undefined;
  readonly tool: "wrk" | "own";
}

/** `wrk` where it can be had. */
export function chooseTool(): "wrk" | "own" {
  return isInstalled("wrk") ? "wrk" : "own";
}

/** As many calls as go, over HTTP/1.1. */
export async function runFullSpeed(order: ThroughputOrder): Promise<Throughput> {
  // wrk knows whole seconds only.
  if (order.tool === "wrk" && order.seconds >= 1) return await runWrk(order);
  const { origin, call, connections, seconds, core } = order;
  return await runGenerator({ origin, protocol: "http1", calls: [{ ...call, expect: "any-200" }], connections, seconds }, core);
}
