/** A stop: what waits for nothing but a rule ends at once, what clients still read or send ends within the grace, and nothing new is taken. */
import { once } from "node:events";
import { connect as http2Connect } from "node:http2";
import t, { type Test } from "tap";
import { type ProxyOptions, type Proxy as RunningProxy, startProxy } from "../../src/index.ts";
import { metricOf, refuses, till } from "../helpers/poll.ts";
import { callText, dialRaw, type RawClient } from "../helpers/raw-client.ts";
import { startRawOrigin } from "../helpers/raw-origin.ts";

/** More than the kernel holds for a client that does not read. */
const LARGE = 15_000_000;

/** Longer than any client here needs, on any machine. */
const GRACE_MS = 60_000;

async function open(t: Test, options: ProxyOptions = {}): Promise<RunningProxy> {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${LARGE}\r\n\r\n`;
  const origin = await startRawOrigin(() => head + "x".repeat(LARGE));
  const proxy = await startProxy({ upstream: origin.origin, admin: true, ...options });
  t.teardown(async () => {
    await proxy.stop();
    await origin.close();
  });
  return proxy;
}

/** Until the client has been sent a part of its answer; it reads no more of it. */
async function firstBytes({ socket }: RawClient): Promise<void> {
  socket.resume();
  await once(socket, "data");
  socket.pause();
}

function bodyOf(text: string): string {
  return text.slice(text.indexOf("\r\n\r\n") + 4);
}

for (const isSecure of [false, true]) {
  const where = isSecure ? "inside TLS" : "in clear";

  t.test(`a stop resets calls that hang or are delayed, and they are recorded, ${where}`, async (t) => {
    const proxy = await open(t, {
      rules: [
        { name: "hung", api: "pay", abort: "hang" },
        { name: "late", api: "refund", delay: "1h", result: "PROCESS_FAIL" },
      ],
    });
    const [hung, late] = [dialRaw(proxy, { isSecure }), dialRaw(proxy, { isSecure })];
    hung.socket.write(callText("pay"));
    late.socket.write(callText("refund"));
    await till(async () => (await metricOf(proxy, "calls_in_flight")) === 2);
    await proxy.stop();
    t.same(await Promise.all([hung.closed, late.closed]), ["ECONNRESET", "ECONNRESET"]);
    const calls = [...proxy.calls()].sort((one, other) => (one.rule?.name === "late" || other.rule?.name !== "late" ? -1 : 1));
    t.match(calls, [
      { outcome: "injected", rule: { name: "late" }, response: undefined, delivery: "stopped", failure: { detail: /the proxy stopped/ } },
      { outcome: "injected", rule: { name: "hung" }, response: undefined, delivery: "hang", deliveryEnd: "nothing" },
    ]);
  });

  t.test(`a client that is still reading its answer when the stop begins gets all of it, ${where}`, async (t) => {
    const proxy = await open(t);
    const client = dialRaw(proxy, { isSecure, reads: false });
    client.socket.write(callText("pay"));
    await firstBytes(client);
    const stopped = proxy.stop({ graceMs: GRACE_MS });
    await till(() => refuses(proxy.url));
    client.socket.resume();
    await client.closed;
    t.equal(bodyOf(client.text()).length, LARGE);
    await stopped;
  });

  t.test(`a throttled answer is sent to its end, and a request that has begun is taken to its end, ${where}`, async (t) => {
    const body = "y".repeat(4000);
    const proxy = await open(t, {
      rules: [
        { name: "slow", api: "pay", http: { status: 200, body }, throttle: "20kB/s" },
        { name: "sent", api: "refund", result: "PROCESS_FAIL" },
      ],
    });
    const [slow, sending] = [dialRaw(proxy, { isSecure }), dialRaw(proxy, { isSecure })];
    slow.socket.write(callText("pay"));
    sending.socket.write(callText("refund").slice(0, -1));
    await once(slow.socket, "data");
    await till(async () => (await metricOf(proxy, "calls_in_flight")) === 2);
    const stopped = proxy.stop({ graceMs: GRACE_MS });
    sending.socket.write("}");
    await Promise.all([stopped, slow.closed, sending.closed]);
    t.equal(bodyOf(slow.text()), body);
    t.match(sending.text(), /^HTTP\/1\.1 200 OK[\s\S]*\r\nConnection: close\r\n[\s\S]*PROCESS_FAIL/);
  });
}

t.test("a stop carries out nothing that is still waiting behind a call in flight", async (t) => {
  const proxy = await open(t, { rules: [{ name: "made", api: "refund", result: "PROCESS_FAIL" }] });
  const client = dialRaw(proxy, { reads: false });
  client.socket.write(callText("pay") + callText("refund"));
  await firstBytes(client);
  const stopped = proxy.stop({ graceMs: GRACE_MS });
  client.socket.resume();
  await Promise.all([client.closed, stopped]);
  t.equal(bodyOf(client.text()).length, LARGE);
  t.match(proxy.calls(), [{ identity: { operation: "pay" } }]);
  t.equal(proxy.calls().length, 1);
});

t.test("over HTTP/2 hung and delayed calls are reset by a stop, and an answer that is being read goes on to its end", async (t) => {
  const proxy = await open(t, {
    rules: [
      { name: "hung", api: "refund", abort: "hang" },
      { name: "late", api: "cancel", delay: "1h", result: "PROCESS_FAIL" },
    ],
  });
  const session = http2Connect(proxy.httpsUrl, { ca: proxy.caPem }).on("error", () => undefined);
  const call = (operation: string) => {
    const stream = session.request({ ":method": "POST", ":path": `/ams/sandbox/api/v1/payments/${operation}`, "client-id": "SANDBOX_5X0" });
    stream.end("{}");
    return stream.on("error", () => undefined);
  };
  const [reading, hung, late] = [call("pay"), call("refund"), call("cancel")];
  await once(reading, "response");
  await till(async () => (await metricOf(proxy, "calls_in_flight")) === 3);
  const ends = [hung, late].map((stream) => new Promise((resolve) => stream.on("close", resolve)));
  const stopped = proxy.stop({ graceMs: GRACE_MS });
  await Promise.all(ends);
  t.same([hung.rstCode, late.rstCode], [2, 2]);
  let bytes = 0;
  for await (const chunk of reading) bytes += chunk.length;
  t.equal(bytes, LARGE);
  await stopped;
  t.same(
    proxy
      .calls()
      .map(({ delivery }) => delivery)
      .sort(),
    ["hang", "stopped", "whole"],
  );
});
