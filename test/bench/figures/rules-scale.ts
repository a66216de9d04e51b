/** What many rules cost: a call with 10,000 rules loaded against the same with one, and the time to load them. */
import { runFullSpeed } from "../load/run-load.ts";
import { median, timesOf } from "../median.ts";
import type { Bench } from "../run-lane.ts";
import { sampleAnswers } from "../sample.ts";
import { type StartedProxy, startProxy } from "../systems/antom-fault-proxy.ts";
import { startUpstream } from "../systems/start-server.ts";
import { callOf, PAY } from "../workload.ts";
import { type Figure, figure } from "./figure.ts";
import { rulesText } from "./rules-text.ts";

interface Contender {
  readonly proxy: StartedProxy;
  readonly speeds: number[];
}

const MANY = 10_000;

export async function measureRulesScale(bench: Bench): Promise<readonly Figure[]> {
  const upstream = await startUpstream({ folder: bench.folder, core: undefined });
  const site = { folder: bench.folder, upstream: upstream.origin, core: undefined };
  const contenders: Contender[] = [];
  const wrong: string[] = [];
  try {
    for (const [name, rules] of texts()) contenders.push({ proxy: await startProxy({ name, rules }, site), speeds: [] });
    for (let round = 0; round <= bench.plan.rounds; round += 1) {
      for (const { proxy, speeds } of contenders) {
        const seconds = round === 0 ? bench.plan.warmSeconds : bench.plan.seconds;
        const speed = await takeTurn(proxy, bench, seconds);
        if (round > 0) speeds.push(speed.callsPerSecond);
        wrong.push(...speed.wrong);
      }
    }
  } finally {
    for (const { proxy } of contenders) await proxy.stop();
    await upstream.stop();
  }
  return describe(contenders, [...new Set(wrong)]);
}

function texts(): readonly (readonly [string, string])[] {
  return [
    ["rules-1", rulesText(1, "operations")],
    ["rules-many", rulesText(MANY, "operations")],
    ["rules-many-pay", rulesText(MANY, "pay")],
  ];
}

async function takeTurn(
  { origin }: StartedProxy,
  bench: Bench,
  seconds: number,
): Promise<{ readonly callsPerSecond: number; readonly wrong: readonly string[] }> {
  const { connections } = bench.plan;
  const over = new AbortController();
  const sampling = sampleAnswers({ origin, path: PAY, expect: "overridden", keys: bench.folder.keys }, over.signal);
  const order = { origin, call: callOf(PAY), connections, seconds, folder: bench.folder.path, core: undefined, tool: bench.tool };
  const load = await runFullSpeed(order).finally(() => over.abort());
  const failures = load.failed === 0 ? [] : [`${load.failed} calls failed`];
  return { callsPerSecond: load.calls / load.seconds, wrong: [...failures, ...(await sampling).wrong] };
}

function describe([one, many, manyPay]: readonly Contender[], wrong: readonly string[]): readonly Figure[] {
  const speedOf = (contender: Contender | undefined): number => median(contender?.speeds ?? []);
  const loadMs = (many?.proxy.readyMs ?? Number.NaN) - (one?.proxy.readyMs ?? Number.NaN);
  return [
    figure("overridden call, 1 rule", speedOf(one), "calls/s", { wrong }),
    figure("overridden call, 10,000 rules over all operations", speedOf(many), "calls/s"),
    figure("10,000 rules against 1", timesOf(many?.speeds ?? [], one?.speeds ?? []), "times", { reach: { atLeast: 0.9 } }),
    figure("10,000 rules of one operation against 1", timesOf(manyPay?.speeds ?? [], one?.speeds ?? []), "times"),
    figure("load time of 10,000 rules (start with them less start with 1)", loadMs, "ms", { reach: { atMost: 1000 } }),
  ];
}
