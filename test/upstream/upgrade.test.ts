/** Upgrades whose gateway is not there, says nothing, or whose client leaves (the joined ones: test/listeners/upgrade.test.ts). */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import t, { type Test } from "tap";
import type { StreamResult } from "../../src/ports/ports.ts";
import { createDial } from "../../src/upstream/dial.ts";
import { createUpgradeLane, type UpgradeLane } from "../../src/upstream/upgrade.ts";
import { startRawOrigin } from "../helpers/raw-origin.ts";

/** Two ends of one connection: what the lane is given, and what the client holds. */
async function pair(t: Test): Promise<{ socket: Socket; client: Socket }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const client = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
  const [socket]: Socket[] = await once(server, "connection");
  if (socket === undefined) throw new Error("no connection");
  t.teardown(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });
  return { socket: socket.on("error", () => undefined), client: client.on("error", () => undefined) };
}

const HEAD = {
  method: "GET",
  target: "/ws",
  path: "/ws",
  authority: "a",
  headers: ["Host", "a", "Connection", "Upgrade", "Upgrade", "websocket"],
};

function lane(timeoutMs: number): UpgradeLane {
  return createUpgradeLane({ dial: createDial({}), timeoutMs, maxHeadBytes: 65_536 });
}

async function attempt(t: Test, origin: string): Promise<StreamResult> {
  const { socket } = await pair(t);
  return await lane(100)({ head: HEAD, socket, firstBytes: Buffer.alloc(0), origin });
}

t.test("a gateway that is not there, or silent, is told, and the client left to be answered", async (t) => {
  const dead = await startRawOrigin(() => undefined);
  await dead.close();
  const silent = await startRawOrigin(() => undefined);
  t.teardown(() => silent.close());
  t.match(await attempt(t, dead.origin), { kind: "failed", begun: false, failure: { kind: "refused", detail: /ECONNREFUSED/ } });
  t.match(await attempt(t, silent.origin), {
    kind: "failed",
    begun: false,
    failure: { kind: "timeout", detail: /not whole after 100 ms/ },
  });
});

t.test("a client that leaves takes the gateway's call with it", async (t) => {
  const silent = await startRawOrigin(() => undefined);
  t.teardown(() => silent.close());
  const { socket, client } = await pair(t);
  const done = lane(3_600_000)({ head: HEAD, socket, firstBytes: Buffer.alloc(0), origin: silent.origin });
  while (silent.received[0] === undefined || silent.received[0] === "") await new Promise((resolve) => setTimeout(resolve, 5));
  client.resetAndDestroy();
  t.match(await done, { kind: "failed", failure: { kind: "cancelled" } });
});
