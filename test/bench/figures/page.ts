/** What an open page costs: the proxy at full speed with and without a reader of its stream of calls. */
import { get, type IncomingMessage } from "node:http";
import { runFullSpeed } from "../load/run-load.ts";
import { median, timesOf } from "../median.ts";
import type { Bench } from "../run-lane.ts";
import { OVERRIDE_PAY, type StartedProxy } from "../systems/antom-fault-proxy.ts";
import { callOf, PAY } from "../workload.ts";
import { type Figure, figure } from "./figure.ts";
import { withProxy } from "./with-proxy.ts";

const STREAM = "/api/v1/calls/stream";

export async function measurePage(bench: Bench): Promise<readonly Figure[]> {
  return await withProxy({ name: "page", rules: OVERRIDE_PAY }, bench, async (proxy) => {
    const closed: number[] = [];
    const open: number[] = [];
    let eventBytes = 0;
    await speedOf(proxy, bench, bench.plan.warmSeconds);
    for (let round = 0; round < bench.plan.rounds; round += 1) {
      closed.push(await speedOf(proxy, bench, bench.plan.seconds));
      const page = await openPage(proxy);
      if (page === undefined) return [];
      page.on("data", (chunk: Buffer) => {
        eventBytes += chunk.length;
      });
      open.push(await speedOf(proxy, bench, bench.plan.seconds));
      page.destroy();
    }
    const wrong = eventBytes === 0 ? ["the stream told of no call"] : [];
    return [
      figure("overridden call, page closed", median(closed), "calls/s"),
      figure("overridden call, page open", median(open), "calls/s", { wrong }),
      figure("page open against closed", timesOf(open, closed), "times"),
    ];
  });
}

/** Undefined where there is no such stream. */
function openPage({ admin }: StartedProxy): Promise<IncomingMessage | undefined> {
  return new Promise((resolve, reject) => {
    const call = get(`${admin}${STREAM}`, { headers: { accept: "text/event-stream" } }, (answer) => {
      const isStream = answer.statusCode === 200;
      if (!isStream) answer.destroy();
      resolve(isStream ? answer.on("error", () => undefined) : undefined);
    });
    call.once("error", reject);
  });
}

async function speedOf({ origin }: StartedProxy, { plan, folder, tool }: Bench, seconds: number): Promise<number> {
  const { connections } = plan;
  const load = await runFullSpeed({ origin, call: callOf(PAY), connections, seconds, folder: folder.path, core: undefined, tool });
  return load.calls / load.seconds;
}
