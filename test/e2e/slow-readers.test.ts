/** Clients that do not read: none is held past the write time-out, in any protocol, and a rule's own slowness is none of theirs. */
import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect as http2Connect } from "node:http2";
import t, { type Test } from "tap";
import { type ProxyOptions, type Proxy as RunningProxy, startProxy } from "../../src/index.ts";
import { metricOf, till } from "../helpers/poll.ts";
import { callText, dialRaw } from "../helpers/raw-client.ts";
import { startRawOrigin } from "../helpers/raw-origin.ts";

const LARGE = 15_000_000;
const WRITE_TIMEOUT_MS = 1000;

async function open(t: Test, options: ProxyOptions = {}): Promise<RunningProxy> {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${LARGE}\r\n\r\n`;
  const origin = await startRawOrigin(() => head + "x".repeat(LARGE));
  const proxy = await startProxy({ upstream: origin.origin, admin: true, writeTimeoutMs: WRITE_TIMEOUT_MS, ...options });
  t.teardown(async () => {
    await proxy.stop();
    await origin.close();
  });
  return proxy;
}

async function allEnd(proxy: RunningProxy): Promise<void> {
  await till(async () => (await metricOf(proxy, "calls_in_flight")) === 0);
}

for (const isSecure of [false, true]) {
  const where = isSecure ? "inside TLS" : "in clear";

  t.test(`clients that take no byte of their answers are broken off, ${where}`, async (t) => {
    const proxy = await open(t);
    const clients = [1, 2, 3].map(() => dialRaw(proxy, { isSecure, reads: false }));
    for (const { socket } of clients) socket.write(callText("pay"));
    await till(() => proxy.calls().length === clients.length);
    await allEnd(proxy);
    // No more than these fields: a difference would be shown with bodies of megabytes.
    const ends = proxy.calls().map(({ outcome, delivery, deliveryEnd, sentBytes }) => [outcome, delivery, deliveryEnd, sentBytes]);
    const broken = ["forwarded", "whole", "aborted", undefined];
    t.same(ends, [broken, broken, broken]);
    for (const { socket } of clients) socket.resume();
    await Promise.all(clients.map(({ closed }) => closed));
    for (const { bytes } of clients) t.ok(bytes() < LARGE);
    t.match(await (await fetch(`${proxy.adminUrl}/metrics`)).text(), /connection_events_total\{event="stalled"\} 3/);
  });

  t.test(`a client that takes bytes slowly, for longer than the write time-out, gets its whole answer, ${where}`, async (t) => {
    const proxy = await open(t);
    const client = dialRaw(proxy, { isSecure, reads: false });
    client.socket.write(callText("pay"));
    const startedAtMs = performance.now();
    // The kernel asks for more only when a good part of what it holds has been read.
    while (performance.now() - startedAtMs < 3 * WRITE_TIMEOUT_MS) {
      client.socket.resume();
      await once(client.socket, "data");
      client.socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    client.socket.resume();
    await till(() => client.bytes() > LARGE);
    client.socket.destroy();
    await till(() => proxy.calls().length === 1);
    const [call] = proxy.calls();
    t.same([call?.deliveryEnd, call?.sentBytes], ["whole", LARGE]);
    t.ok((call?.deliveryMs ?? 0) >= 2 * WRITE_TIMEOUT_MS, "the time is that of the delivery");
  });
}

interface Slow {
  readonly session: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
  read: number;
}

/** A call whose answer may send `windowBytes`, until the client lets more come. */
function slowCall(proxy: RunningProxy, windowBytes: number): Slow {
  const session = http2Connect(proxy.httpsUrl, { ca: proxy.caPem, settings: { initialWindowSize: windowBytes } });
  session.on("error", () => undefined);
  const headers = { ":method": "POST", ":path": "/ams/sandbox/api/v1/payments/pay", "client-id": "SANDBOX_5X0" };
  const stream = session.request(headers);
  stream.on("error", () => undefined).end("{}");
  const slow: Slow = { session, stream, read: 0 };
  return slow;
}

t.test("streams of HTTP/2 whose window is closed are reset, and their connection serves on", async (t) => {
  const proxy = await open(t, { rules: [{ name: "made", api: "refund", result: "PROCESS_FAIL" }] });
  const { session, stream } = slowCall(proxy, 0);
  const others = [1, 2, 3].map(() => {
    const headers = { ":method": "POST", ":path": "/ams/sandbox/api/v1/payments/pay", "client-id": "SANDBOX_5X0" };
    return session
      .request(headers)
      .on("error", () => undefined)
      .end("{}");
  });
  await Promise.all([stream, ...others].map((one) => new Promise((resolve) => one.on("close", resolve))));
  t.same(
    [stream, ...others].map(({ rstCode }) => rstCode),
    [8, 8, 8, 8],
  );
  await allEnd(proxy);
  t.notOk(session.destroyed);
  session.destroy();
});

t.test("a stream of HTTP/2 that is read slowly, for longer than the write time-out, is sent to its end", async (t) => {
  const body = "y".repeat(250_000);
  const proxy = await open(t, { rules: [{ name: "made", api: "pay", http: { status: 200, body } }] });
  const { session, stream } = slowCall(proxy, 1100);
  stream.pause();
  let read = 0;
  const startedAtMs = performance.now();
  await till(() => {
    const chunk: Buffer | null = stream.read();
    read += chunk?.length ?? 0;
    return read === body.length;
  }, 250);
  t.ok(performance.now() - startedAtMs > 2 * WRITE_TIMEOUT_MS);
  session.destroy();
});

t.test("a rule's own delay, hang or throttle is not the client's slowness", async (t) => {
  const proxy = await open(t, {
    rules: [
      { name: "late", api: "pay", delay: "2500ms", result: "PROCESS_FAIL" },
      { name: "slow", api: "refund", http: { status: 200, body: "z".repeat(3000) }, throttle: "1kB/s" },
      { name: "hung", api: "cancel", abort: "hang" },
    ],
  });
  const [late, slow, hung] = ["pay", "refund", "cancel"].map((operation) => {
    const client = dialRaw(proxy);
    client.socket.write(callText(operation, operation === "cancel" ? "" : "Connection: close\r\n"));
    return client;
  });
  await Promise.all([late?.closed, slow?.closed]);
  t.match(late?.text(), /PROCESS_FAIL/);
  t.match(slow?.text(), /z{3000}$/);
  t.notOk(hung?.socket.closed);
  hung?.socket.destroy();
});
