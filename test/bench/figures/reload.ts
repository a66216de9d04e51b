/** Reloads of 1,000 rules under a running load: the slowest call with and without them, and that none failed. */
import { renameSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { runGenerator } from "../load/run-load.ts";
import type { Bench } from "../run-lane.ts";
import type { StartedProxy } from "../systems/antom-fault-proxy.ts";
import { callOf, INQUIRY, PAY } from "../workload.ts";
import { type Figure, failuresOf, figure } from "./figure.ts";
import { rulesText } from "./rules-text.ts";
import { withProxy } from "./with-proxy.ts";

const RULES = 1000;
const BETWEEN_MS = 500;
/** A moderate load: at full speed a call's time is that of its place in the queue. */
const RATE = 500;
const CONNECTIONS = 8;

export async function measureReload(bench: Bench): Promise<readonly Figure[]> {
  const options = { name: "reload", rules: rulesText(RULES, "operations", "first") };
  return await withProxy(options, bench, async (proxy) => {
    const seconds = (bench.plan.reloads * BETWEEN_MS) / 1000 + 1;
    await load(proxy, bench.plan.warmSeconds);
    const idle = await load(proxy, seconds);
    const before = reloadsOf(proxy);
    // Made beforehand: making them would take the cores from the proxy.
    const texts = Array.from({ length: bench.plan.reloads }, (_, save) => rulesText(RULES, "operations", `save-${save + 1}`));
    const [busy] = await Promise.all([load(proxy, seconds), saveEach(proxy, texts)]);
    const reloads = reloadsOf(proxy) - before;
    const missed = reloads < bench.plan.reloads ? [`${bench.plan.reloads} saves led to ${reloads} reloads`] : [];
    return [
      figure("slowest call, no reload", idle.latencyMs.max, "ms", { wrong: failuresOf(idle) }),
      figure("slowest call, reloads of 1,000 rules", busy.latencyMs.max, "ms", { reach: { atMost: 50 }, wrong: failuresOf(busy) }),
      figure("p99 call, no reload", idle.latencyMs.p99, "ms"),
      figure("p99 call, reloads of 1,000 rules", busy.latencyMs.p99, "ms"),
      figure("reloads under load", reloads, "reloads", { wrong: missed }),
    ];
  });
}

function load({ origin }: StartedProxy, seconds: number) {
  const calls = [
    { ...callOf(PAY), expect: "injected" as const },
    { ...callOf(INQUIRY), expect: "forwarded" as const },
  ];
  return runGenerator({ origin, protocol: "http1", calls, connections: CONNECTIONS, seconds, rate: RATE });
}

/** Saves by rename, as editors do; every rule but the last is another one each time. */
async function saveEach({ rulesFile }: StartedProxy, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await delay(BETWEEN_MS);
    writeFileSync(`${rulesFile}.new`, text);
    renameSync(`${rulesFile}.new`, rulesFile);
  }
  // The last save takes effect within 300 ms.
  await delay(BETWEEN_MS);
}

function reloadsOf(proxy: StartedProxy): number {
  return proxy.output().split('"event":"rules-loaded"').length - 1;
}
