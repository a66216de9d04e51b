/** TLS handshakes, one after the other: for a name whose certificate is kept ready, and each for a name never seen before. */
import { once } from "node:events";
import { connect } from "node:tls";
import { cpuSecondsOf } from "../cpu.ts";
import type { Bench } from "../run-lane.ts";
import { OVERRIDE_PAY, type StartedProxy } from "../systems/antom-fault-proxy.ts";
import { type Figure, figure } from "./figure.ts";
import { withProxy } from "./with-proxy.ts";

/** The client is this process: handshakes are told by the server's CPU time, which the client does not touch. */
export async function measureHandshakes(bench: Bench): Promise<readonly Figure[]> {
  return await withProxy({ name: "handshakes", rules: OVERRIDE_PAY }, bench, async (proxy) => {
    const { handshakes } = bench.plan;
    const fresh = Math.ceil(handshakes / 4);
    await shake(proxy, 20, () => "localhost");
    const kept = await shake(proxy, handshakes, () => "localhost");
    const made = await shake(proxy, fresh, (at) => `name-${at}.localhost`);
    return [
      figure("handshake, certificate kept", kept, "ms of server CPU"),
      figure("handshake, certificate issued", made, "ms of server CPU"),
      figure("handshake, issued against kept", made / kept, "times"),
    ];
  });
}

async function shake(proxy: StartedProxy, count: number, nameOf: (at: number) => string): Promise<number> {
  const port = Number(new URL(proxy.origin).port);
  const before = cpuSecondsOf(proxy.pid) ?? Number.NaN;
  for (let at = 0; at < count; at += 1) {
    // What the certificate says is for the tests; here its price is asked.
    const socket = connect({ host: "127.0.0.1", port, servername: nameOf(at), rejectUnauthorized: false });
    await once(socket, "secureConnect");
    socket.destroy();
  }
  return (((cpuSecondsOf(proxy.pid) ?? Number.NaN) - before) / count) * 1000;
}
