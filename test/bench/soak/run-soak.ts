/** A soak from start to verdict: finds the maximum rate, then keeps half of it up while rules are saved and the gateway's side restarts. */
import { setTimeout as delay } from "node:timers/promises";
import type { BenchFolder } from "../bench-folder.ts";
import { socketsOf } from "../cpu.ts";
import { runGenerator } from "../load/run-load.ts";
import type { Started } from "../system.ts";
import { type StartedProxy, startProxy } from "../systems/antom-fault-proxy.ts";
import { startUpstream } from "../systems/start-server.ts";
import { type Cycle, runCycle } from "./cycle.ts";
import { SOAK_CALLS, soakRules } from "./soak-rules.ts";
import { judgeSoak } from "./verdict.ts";

export interface SoakOptions {
  readonly folder: BenchFolder;
  readonly seconds: number;
  readonly cycleSeconds: number;
  readonly connections: number;
  /** Told after each cycle. */
  readonly tell: (line: string) => void;
}

const SAVES = 3;
/** Every so many cycles the gateway's side restarts. */
const RESTART_EACH = 3;
/** undici lets go of an idle connection after four seconds. */
const LET_GO_MS = 10_000;
const LOOK_MS = 250;
const MIB = 2 ** 20;

/** What was wrong; empty: nothing. */
export async function runSoak(options: SoakOptions): Promise<readonly string[]> {
  const { folder } = options;
  let upstream = await startUpstream({ folder, core: undefined });
  const port = Number(new URL(upstream.origin).port);
  const proxy = await startProxy(
    { name: "soak", rules: soakRules("first"), probe: "memory" },
    { folder, upstream: upstream.origin, core: undefined },
  ).catch(async (error: unknown) => {
    await upstream.stop();
    throw error;
  });
  const restart = async (): Promise<Started> => {
    await upstream.stop();
    upstream = await startUpstream({ folder, core: undefined }, port);
    return upstream;
  };
  try {
    const atFirst = socketsOf(proxy.pid) ?? 0;
    const rate = await findHalf(proxy, options);
    const cycles = await runCycles(proxy, { ...options, rate, restart });
    return judgeSoak(cycles, await socketsLeft(proxy, atFirst), SAVES);
  } finally {
    await proxy.stop();
    await upstream.stop();
  }
}

async function findHalf(proxy: StartedProxy, { connections, cycleSeconds, tell }: SoakOptions): Promise<number> {
  const order = { origin: proxy.origin, protocol: "http1" as const, calls: [...SOAK_CALLS], connections };
  await runGenerator({ ...order, seconds: cycleSeconds / 4 });
  const { calls, seconds } = await runGenerator({ ...order, seconds: cycleSeconds / 2 });
  const rate = Math.max(1, Math.round(calls / seconds / 2));
  tell(`maximum ${Math.round(calls / seconds)} calls/s; going on with ${rate}`);
  return rate;
}

interface CyclesOptions extends SoakOptions {
  readonly rate: number;
  readonly restart: () => Promise<Started>;
}

async function runCycles(proxy: StartedProxy, options: CyclesOptions): Promise<readonly Cycle[]> {
  const { rate, connections, tell } = options;
  const cycles: Cycle[] = [];
  const count = Math.max(1, Math.round(options.seconds / options.cycleSeconds));
  for (let at = 1; at <= count; at += 1) {
    const restart = at % RESTART_EACH === 0 ? options.restart : undefined;
    const cycle = await runCycle(proxy, { seconds: options.cycleSeconds, rate, connections, saves: SAVES, restart });
    cycles.push(cycle);
    tell(`${at}/${count}  ${describe(cycle)}${restart === undefined ? "" : "  (gateway restarted)"}`);
  }
  return cycles;
}

function describe({ load, reloads, unasked, probe: { heapBytes, externalBytes, residentBytes, handles } }: Cycle): string {
  const memory = `heap ${(heapBytes / MIB).toFixed(1)} + ${(externalBytes / MIB).toFixed(1)} MiB, resident ${(residentBytes / MIB).toFixed(0)} MiB`;
  const calls = `${load.calls} calls, ${load.failed} failed, ${unasked.length} unasked`;
  const times = `p50 ${load.latencyMs.p50.toFixed(1)} p99 ${load.latencyMs.p99.toFixed(1)} max ${load.latencyMs.max.toFixed(0)} ms`;
  return `${calls}; ${times}; ${reloads} reloads; ${memory}; ${handles["TCPSocketWrap"] ?? 0} busy sockets`;
}

/** Sockets open beyond the first ones (listeners, the probe's channel) when clients have gone and idle connections had their time. */
async function socketsLeft({ pid }: StartedProxy, atFirst: number): Promise<number> {
  const untilMs = performance.now() + LET_GO_MS;
  for (;;) {
    const left = (socketsOf(pid) ?? atFirst) - atFirst;
    if (left <= 0 || performance.now() > untilMs) return Math.max(0, left);
    await delay(LOOK_MS);
  }
}
