/** What TLS and HTTP/2 on the merchant's side cost: the same overridden call by each way, under the same load generator. */
import { readFileSync } from "node:fs";
import { cpuSecondsOf } from "../cpu.ts";
import type { Order } from "../load/order.ts";
import { runGenerator } from "../load/run-load.ts";
import { median } from "../median.ts";
import type { Bench } from "../run-lane.ts";
import { OVERRIDE_PAY, type StartedProxy } from "../systems/antom-fault-proxy.ts";
import { callOf, PAY } from "../workload.ts";
import { type Figure, failuresOf, figure } from "./figure.ts";
import { withProxy } from "./with-proxy.ts";

interface Way {
  readonly name: string;
  readonly scheme: "http" | "https";
  readonly protocol: Order["protocol"];
}

const WAYS: readonly Way[] = [
  { name: "HTTP/1.1", scheme: "http", protocol: "http1" },
  { name: "HTTP/1.1 over TLS", scheme: "https", protocol: "http1" },
  { name: "HTTP/2 over TLS", scheme: "https", protocol: "http2" },
];

interface Turn {
  readonly callsPerSecond: number;
  readonly cpuMicroseconds: number;
  readonly wrong: readonly string[];
}

export async function measureInbound(bench: Bench): Promise<readonly Figure[]> {
  return await withProxy({ name: "inbound", rules: OVERRIDE_PAY }, bench, async (proxy) => {
    const turns = new Map<Way, Turn[]>(WAYS.map((way) => [way, []]));
    for (let round = 0; round <= bench.plan.ownRounds; round += 1) {
      for (const [way, seen] of turns) {
        const seconds = round === 0 ? bench.plan.warmSeconds : bench.plan.ownSeconds;
        const turn = await takeTurn(way, proxy, { ...bench.plan, seconds });
        if (round > 0) seen.push(turn);
      }
    }
    return [...turns].flatMap(([way, seen]) => describe(way, seen));
  });
}

async function takeTurn(
  way: Way,
  proxy: StartedProxy,
  { connections, seconds }: Pick<Bench["plan"], "connections" | "seconds">,
): Promise<Turn> {
  const { host } = new URL(proxy.origin);
  const before = cpuSecondsOf(proxy.pid) ?? Number.NaN;
  const load = await runGenerator({
    origin: `${way.scheme}://${host}`,
    protocol: way.protocol,
    calls: [{ ...callOf(PAY), expect: "injected" }],
    connections,
    seconds,
    ca: readFileSync(proxy.caFile, "utf8"),
  });
  const cpuSeconds = (cpuSecondsOf(proxy.pid) ?? Number.NaN) - before;
  return { callsPerSecond: load.calls / load.seconds, cpuMicroseconds: (cpuSeconds / load.calls) * 1e6, wrong: failuresOf(load) };
}

function describe(way: Way, turns: readonly Turn[]): readonly Figure[] {
  const wrong = [...new Set(turns.flatMap((turn) => turn.wrong))];
  return [
    figure(`inbound, overridden: ${way.name}`, median(turns.map((turn) => turn.callsPerSecond)), "calls/s", { wrong }),
    figure(`inbound, overridden: ${way.name}, CPU`, median(turns.map((turn) => turn.cpuMicroseconds)), "µs/call"),
  ];
}
