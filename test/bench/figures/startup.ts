/** From the start of the program until its port is open; the first start, which makes CA and state, apart from the others. */
import { median } from "../median.ts";
import type { Bench } from "../run-lane.ts";
import { OVERRIDE_PAY } from "../systems/antom-fault-proxy.ts";
import { type Figure, figure } from "./figure.ts";
import { withProxy } from "./with-proxy.ts";

export async function measureStartup(bench: Bench): Promise<readonly Figure[]> {
  const times: number[] = [];
  for (let start = 0; start <= bench.plan.starts; start += 1) {
    times.push(await withProxy({ name: "startup", rules: OVERRIDE_PAY }, bench, async (proxy) => proxy.readyMs));
  }
  const [first = Number.NaN, ...later] = times;
  return [figure("start to port open, first (makes its CA)", first, "ms"), figure("start to port open", median(later), "ms")];
}
