/** Every call that reached the guard leaves one record and counts once, also one that is refused on its way to another protocol, or breaks off. */
import t, { type Test } from "tap";
import { type Proxy as RunningProxy, startProxy } from "../../src/index.ts";
import { FRAMES, frame, headersFrame, PREFACE } from "../helpers/http2-frames.ts";
import { metricOf, till } from "../helpers/poll.ts";
import { callText, dialRaw } from "../helpers/raw-client.ts";

async function open(t: Test): Promise<RunningProxy> {
  const proxy = await startProxy({ admin: true });
  t.teardown(() => proxy.stop());
  return proxy;
}

/** The sum of all series of `calls_total`. */
async function counted({ adminUrl }: RunningProxy): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return [...text.matchAll(/^antom_fault_proxy_calls_total\{.*\} (\d+)$/gm)].reduce((sum, [, value]) => sum + Number(value), 0);
}

async function leavesOne(t: Test, proxy: RunningProxy, expected: object): Promise<void> {
  await till(() => proxy.calls().length > 0);
  t.match(proxy.calls(), [expected]);
  t.same([proxy.calls().length, await counted(proxy)], [1, 1]);
}

const BROKEN = {
  outcome: "failed",
  identity: { operation: "pay" },
  response: undefined,
  delivery: "client-gone",
  failure: { kind: "cancelled" },
};

for (const isSecure of [false, true]) {
  const where = isSecure ? "inside TLS" : "in clear";

  t.test(`an upgrade that the guard refuses, ${where}`, async (t) => {
    const proxy = await open(t);
    const client = dialRaw(proxy, { isSecure });
    client.socket.write(
      "GET /ams/api/v1/x HTTP/1.1\r\nHost: a\r\nclient-id: 5X0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: eA==\r\n\r\n",
    );
    await client.closed;
    t.match(client.text(), /^HTTP\/1\.1 403 [\s\S]*\r\nsignature: /);
    await leavesOne(t, proxy, { outcome: "refused", response: { status: 403 } });
  });

  t.test(`a body that breaks off with a reset, or with a half-close, ${where}`, async (t) => {
    for (const leave of ["resetAndDestroy", "end"] as const) {
      const proxy = await open(t);
      const client = dialRaw(proxy, { isSecure });
      client.socket.write(callText("pay").slice(0, -1));
      await till(async () => (await metricOf(proxy, "calls_in_flight")) === 1);
      if (isSecure && leave === "resetAndDestroy") client.socket.destroy();
      else client.socket[leave]();
      await leavesOne(t, proxy, BROKEN);
    }
  });

  t.test(`a body with a chunk that is none, ${where}`, async (t) => {
    const proxy = await open(t);
    const client = dialRaw(proxy, { isSecure });
    client.socket.write(callText("pay").replace("Content-Length: 2\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\nzz\r\n"));
    await client.closed;
    t.match(client.text(), /^HTTP\/1\.1 400 /);
    await leavesOne(t, proxy, BROKEN);
  });
}

t.test("a body over HTTP/2 whose stream is reset in the midst of it", async (t) => {
  const proxy = await open(t);
  const client = dialRaw(proxy);
  const head = { ":method": "POST", ":scheme": "http", ":authority": "a", ":path": "/ams/sandbox/api/v1/payments/pay" };
  client.socket.write(Buffer.concat([PREFACE, headersFrame(1, { ...head, "client-id": "SANDBOX_5X0" }), frame(FRAMES.data, 0, 1, "{")]));
  await till(async () => (await metricOf(proxy, "calls_in_flight")) === 1);
  client.socket.write(frame(FRAMES.reset, 0, 1, Buffer.from([0, 0, 0, 8])));
  await leavesOne(t, proxy, BROKEN);
  client.socket.destroy();
});
