/** Memory after a long run at full speed: resident, and the heap after a forced collection, twice, so that growth would show. */
import { residentMib } from "../cpu.ts";
import { runFullSpeed } from "../load/run-load.ts";
import { probe } from "../probe-answer.ts";
import type { Bench } from "../run-lane.ts";
import { OVERRIDE_PAY } from "../systems/antom-fault-proxy.ts";
import { callOf, INQUIRY } from "../workload.ts";
import { type Figure, figure } from "./figure.ts";
import { withProxy } from "./with-proxy.ts";

const MIB = 2 ** 20;

export async function measureMemory(bench: Bench): Promise<readonly Figure[]> {
  const { plan, folder, tool } = bench;
  return await withProxy({ name: "memory", rules: OVERRIDE_PAY, probe: "memory" }, bench, async (proxy) => {
    const load = { origin: proxy.origin, call: callOf(INQUIRY), connections: plan.connections, folder: folder.path, core: undefined, tool };
    const half = { ...load, seconds: plan.memorySeconds / 2 };
    await runFullSpeed(half);
    const between = await probe(proxy);
    const { calls } = await runFullSpeed(half);
    const residentNow = residentMib(proxy.pid);
    const after = await probe(proxy);
    return [
      figure("resident memory after a long run", residentNow ?? after.residentBytes / MIB, "MiB"),
      figure("heap after a forced collection, half-way", between.heapBytes / MIB, "MiB"),
      figure("heap after a forced collection, at the end", after.heapBytes / MIB, "MiB"),
      figure("calls between the two", calls, "calls"),
    ];
  });
}
