/** Upgrades whose gateway is not there, says nothing, or whose client leaves (the joined ones: test/listeners/upgrade.test.ts). */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import t, { type Test } from "tap";
import { createUpgradeLane } from "../../src/upstream/upgrade.ts";
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

async function attempt(t: Test, origin: string): Promise<{ status: number | undefined; text: string }> {
  const { socket, client } = await pair(t);
  const chunks: Buffer[] = [];
  client.on("data", (chunk: Buffer) => chunks.push(chunk));
  const status = await createUpgradeLane({ timeoutMs: 100 })({ head: HEAD, socket, firstBytes: Buffer.alloc(0), origin });
  await once(client, "end");
  return { status, text: Buffer.concat(chunks).toString() };
}

t.test("a gateway that is not there, or silent, is told with 502 and 504", async (t) => {
  const dead = await startRawOrigin(() => undefined);
  await dead.close();
  const silent = await startRawOrigin(() => undefined);
  t.teardown(() => silent.close());
  t.match(await attempt(t, dead.origin), { status: undefined, text: /^HTTP\/1\.1 502 [\s\S]*ECONNREFUSED/ });
  t.match(await attempt(t, silent.origin), { status: undefined, text: /^HTTP\/1\.1 504 [\s\S]*silent for 100 ms/ });
});

t.test("a client that leaves takes the gateway's call with it", async (t) => {
  const silent = await startRawOrigin(() => undefined);
  t.teardown(() => silent.close());
  const { socket, client } = await pair(t);
  const done = createUpgradeLane({ timeoutMs: 5000 })({ head: HEAD, socket, firstBytes: Buffer.alloc(0), origin: silent.origin });
  while (silent.received[0] === undefined || silent.received[0] === "") await new Promise((resolve) => setTimeout(resolve, 5));
  client.resetAndDestroy();
  t.equal(await done, undefined);
});
