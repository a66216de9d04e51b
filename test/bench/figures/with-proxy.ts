/** Runs a measurement against one fresh proxy of this project with a gateway's side of its own. */
import type { Bench } from "../run-lane.ts";
import { type ProxyOptions, type StartedProxy, startProxy } from "../systems/antom-fault-proxy.ts";
import { startUpstream } from "../systems/start-server.ts";

/** Starts both, measures, stops both. */
export async function withProxy<T>(options: ProxyOptions, { folder }: Bench, measure: (proxy: StartedProxy) => Promise<T>): Promise<T> {
  const upstream = await startUpstream({ folder, core: undefined });
  try {
    const proxy = await startProxy(options, { folder, upstream: upstream.origin, core: undefined });
    return await measure(proxy).finally(() => proxy.stop());
  } finally {
    await upstream.stop();
  }
}
