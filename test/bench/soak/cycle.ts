/** One cycle of the soak: steady load, saves of the rules file, and in some cycles a gateway's side that goes away and comes back. */
import { renameSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Failure, LoadResult } from "../load/order.ts";
import { runGenerator } from "../load/run-load.ts";
import { type Probe, probe } from "../probe-answer.ts";
import type { Started } from "../system.ts";
import type { StartedProxy } from "../systems/antom-fault-proxy.ts";
import { SOAK_CALLS, soakRules } from "./soak-rules.ts";

export interface CycleOptions {
  readonly seconds: number;
  /** Calls a second. */
  readonly rate: number;
  readonly connections: number;
  /** Saves of the rules file, spread over the cycle. */
  readonly saves: number;
  /** Stops the gateway's side in the middle and starts it again; undefined: it stays. */
  readonly restart: (() => Promise<Started>) | undefined;
}

export interface Cycle {
  readonly load: LoadResult;
  readonly reloads: number;
  /** Failures that fall into no restart of the gateway's side. */
  readonly unasked: readonly Failure[];
  /** After the load has gone and a forced collection. */
  readonly probe: Probe;
}

/** Calls in flight when the gateway's side returns, and connections that break late, still count as its restart. */
const GRACE_MS = 1500;
const SETTLE_MS = 300;

export async function runCycle(proxy: StartedProxy, cycle: CycleOptions): Promise<Cycle> {
  proxy.emptyOutput();
  const { seconds, rate, connections } = cycle;
  const order = { origin: proxy.origin, protocol: "http1" as const, calls: [...SOAK_CALLS], connections, seconds, rate };
  const [load, , away] = await Promise.all([runGenerator(order), saveOften(proxy, cycle), restart(cycle)]);
  await delay(SETTLE_MS);
  const reloads = proxy.output().split('"event":"rules-loaded"').length - 1;
  const unasked = load.failures.filter(({ atMs }) => away === undefined || atMs < away.fromMs || atMs > away.toMs + GRACE_MS);
  return { load, reloads, unasked, probe: await probe(proxy) };
}

async function saveOften({ rulesFile }: StartedProxy, { saves, seconds }: CycleOptions): Promise<void> {
  for (let save = 0; save < saves; save += 1) {
    await delay((seconds * 1000) / (saves + 1));
    writeFileSync(`${rulesFile}.new`, soakRules(`${Date.now()}`));
    renameSync(`${rulesFile}.new`, rulesFile);
  }
}

async function restart({ restart: again, seconds }: CycleOptions): Promise<{ readonly fromMs: number; readonly toMs: number } | undefined> {
  if (again === undefined) return undefined;
  await delay((seconds * 1000) / 2);
  const fromMs = Date.now();
  await again();
  return { fromMs, toMs: Date.now() };
}
