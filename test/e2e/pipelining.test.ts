/** What follows a call on its connection: calls run one after the other, nothing behind a refusal or a cut is carried out, and answers stay in order. */
import { once } from "node:events";
import t, { type Test } from "tap";
import { type ProxyOptions, type Proxy as RunningProxy, startProxy } from "../../src/index.ts";
import { metricOf, till } from "../helpers/poll.ts";
import { callText, dialRaw } from "../helpers/raw-client.ts";
import { startRawOrigin } from "../helpers/raw-origin.ts";

const ANSWER = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

interface World {
  readonly proxy: RunningProxy;
  /** The operations that the gateway was called for, in order. */
  readonly called: string[];
  /** Answers a call that waits for `answer`, the oldest first. */
  answer(): void;
}

/** A proxy before a gateway that answers `pay` when it is told to, and everything else at once. */
async function open(t: Test, options: ProxyOptions = {}): Promise<World> {
  const called: string[] = [];
  const waiting: (() => void)[] = [];
  const origin = await startRawOrigin((text) => {
    const operation = /^POST \S*\/(\w+) HTTP/.exec(text)?.[1] ?? "?";
    called.push(operation);
    if (operation !== "pay") return ANSWER;
    waiting.push(() => origin.sockets.at(-1)?.write(ANSWER));
    return undefined;
  });
  const proxy = await startProxy({ upstream: origin.origin, admin: true, ...options });
  t.teardown(async () => {
    await proxy.stop();
    await origin.close();
  });
  return { proxy, called, answer: () => waiting.shift()?.() };
}

for (const isSecure of [false, true]) {
  const where = isSecure ? "inside TLS" : "in clear";

  t.test(`behind a call that a rule resets nothing is carried out, and no call stays in flight, ${where}`, async (t) => {
    const { proxy, called } = await open(t, { rules: [{ name: "cut", api: "inquiryPayment", abort: "reset", delay: "50ms" }] });
    const client = dialRaw(proxy, { isSecure });
    client.socket.write(callText("inquiryPayment") + callText("pay") + callText("refund"));
    await client.closed;
    t.equal(client.text(), "");
    const probe = dialRaw(proxy, { isSecure });
    probe.socket.write(callText("cancel", "Connection: close\r\n"));
    await probe.closed;
    t.same(called, ["cancel"]);
    t.equal(await metricOf(proxy, "calls_in_flight"), 0);
    t.same(
      proxy.calls().map(({ identity }) => identity.operation),
      ["cancel", "inquiryPayment"],
    );
  });

  t.test(`pipelined calls reach the gateway one after the other, whole, however they are cut into packets, ${where}`, async (t) => {
    const { proxy, called, answer } = await open(t);
    const client = dialRaw(proxy, { isSecure });
    const bytes = callText("pay") + callText("refund") + callText("cancel", "Connection: close\r\n");
    for (let at = 0; at < bytes.length; at += 50) {
      client.socket.write(bytes.slice(at, at + 50));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await till(() => called.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    t.same(called, ["pay"]);
    answer();
    await client.closed;
    t.same(called, ["pay", "refund", "cancel"]);
    t.equal(client.text().match(/HTTP\/1\.1 200/g)?.length, 3);
  });
}

const REFUSED: Readonly<Record<string, readonly [number, string]>> = {
  "two Host lines": [400, "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n"],
  "no Host line": [400, "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"],
  "a coding that is not known": [501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"],
  "an expectation that is not known": [417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: a-cake\r\nContent-Length: 0\r\n\r\n"],
  "a target of another scheme": [400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"],
  "a version from elsewhere": [505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"],
  noise: [400, "\0\0\0\0"],
};

t.test("behind a refusal that ends the connection nothing is carried out", async (t) => {
  const { proxy, called } = await open(t);
  for (const [name, [status, bytes]] of Object.entries(REFUSED)) {
    const client = dialRaw(proxy);
    client.socket.write(bytes + callText("refund"));
    await client.closed;
    t.match(client.text(), new RegExp(`^HTTP/1\\.1 ${status} `), name);
    t.equal(client.text().match(/HTTP\/1\.1 \d{3} /g)?.length, 1, name);
  }
  t.same([called, proxy.calls().length], [[], 0]);
});

t.test("a refusal behind a call in flight comes after its answer, and ends the connection", async (t) => {
  const { proxy, called, answer } = await open(t);
  for (const [name, [status, bytes]] of Object.entries(REFUSED)) {
    called.length = 0;
    const client = dialRaw(proxy);
    client.socket.write(callText("pay") + bytes + callText("refund"));
    await till(() => called.length === 1);
    answer();
    await client.closed;
    t.match(client.text(), new RegExp(`^HTTP/1\\.1 200 OK[\\s\\S]*HTTP/1\\.1 ${status} `), name);
    t.same(called, ["pay"], name);
  }
});

t.test("the guard's refusal keeps the connection", async (t) => {
  const { proxy, called } = await open(t);
  const client = dialRaw(proxy);
  client.socket.write(callText("pay").replace("/sandbox", "") + callText("refund", "Connection: close\r\n"));
  await client.closed;
  t.match(client.text(), /^HTTP\/1\.1 403 [\s\S]*HTTP\/1\.1 200 /);
  t.same(called, ["refund"]);
});

t.test("a client that ends the connection with its first call has none carried out behind it", async (t) => {
  const { proxy, called, answer } = await open(t);
  const client = dialRaw(proxy);
  client.socket.write(callText("pay", "Connection: close\r\n") + callText("refund"));
  await till(() => called.length === 1);
  answer();
  await client.closed;
  t.match(client.text(), /^HTTP\/1\.1 200 OK[\s\S]*\{\}$/);
  t.equal(client.text().match(/HTTP\/1\.1 \d{3} /g)?.length, 1);
  t.same(called, ["pay"]);
});

const UPGRADE = `GET /ams/api/v1/x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n\r\n`;

t.test("an upgrade behind a call in flight is looked at when the call has been answered", async (t) => {
  const { proxy, called, answer } = await open(t);
  const client = dialRaw(proxy);
  client.socket.write(`${callText("pay")}${UPGRADE}early`);
  await till(() => called.length === 1);
  client.socket.write("late");
  answer();
  await client.closed;
  t.match(client.text(), /^HTTP\/1\.1 200 OK[\s\S]*HTTP\/1\.1 403 /);
});

t.test("a CONNECT behind a call in flight is answered after it, and the bytes behind it go into the tunnel", async (t) => {
  const { proxy, called, answer } = await open(t, { rules: [{ name: "inside", api: "refund", result: "PROCESS_FAIL" }] });
  const client = dialRaw(proxy);
  client.socket.write(`${callText("pay")}CONNECT open-na.alipay.com:80 HTTP/1.1\r\nHost: a\r\n\r\n${callText("refund").slice(0, 20)}`);
  await till(() => called.length === 1);
  client.socket.write(callText("refund", "Connection: close\r\n").slice(20));
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(client.text(), "", "nothing goes before the call's own answer");
  answer();
  await client.closed;
  t.match(client.text(), /^HTTP\/1\.1 200 OK[\s\S]*HTTP\/1\.1 200 Connection Established[\s\S]*HTTP\/1\.1 200 OK[\s\S]*PROCESS_FAIL/);
  t.same(called, ["pay"]);
  t.match(proxy.calls(), [{ arrival: { way: "connect" } }, { arrival: { way: "http" } }]);
});

t.test("a flood of pipelined requests behind a call in flight is left unread", async (t) => {
  const { proxy, called, answer } = await open(t);
  const client = dialRaw(proxy);
  client.socket.write(callText("pay"));
  await till(() => called.length === 1);
  const flood = callText("refund").repeat(400);
  let isRead = true;
  for (let sent = 0; sent < 64 * 1024 * 1024 && isRead; sent += flood.length) {
    isRead = client.socket.write(flood) || (await Promise.race([once(client.socket, "drain").then(() => true), later(300)]));
  }
  t.notOk(isRead, "at most what the kernel holds was taken");
  t.same(called, ["pay"]);
  client.socket.destroy();
  answer();
  await till(async () => (await metricOf(proxy, "calls_in_flight")) === 0);
});

function later(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}

t.test(
  "a client that half-closes after its whole request gets the answer that is made here, or that the gateway was already asked for",
  async (t) => {
    const { proxy, called, answer } = await open(t, { rules: [{ name: "late", api: "refund", delay: "100ms", result: "PROCESS_FAIL" }] });
    for (const isSecure of [false, true]) {
      called.length = 0;
      const made = dialRaw(proxy, { isSecure });
      made.socket.end(callText("refund"));
      await made.closed;
      t.match(made.text(), /^HTTP\/1\.1 200 OK[\s\S]*PROCESS_FAIL/);
      const asked = dialRaw(proxy, { isSecure });
      asked.socket.write(callText("pay"));
      await till(() => called.length === 1);
      asked.socket.end();
      await new Promise((resolve) => setTimeout(resolve, 50));
      answer();
      await asked.closed;
      t.match(asked.text(), /^HTTP\/1\.1 200 OK[\s\S]*\{\}$/);
    }
  },
);

t.test("a half-close within the request is refused, and ends a call that hangs", async (t) => {
  const { proxy, called } = await open(t, { rules: [{ name: "hung", api: "refund", abort: "hang" }] });
  const broken = dialRaw(proxy);
  broken.socket.end(callText("pay").slice(0, -1));
  await broken.closed;
  t.match(broken.text(), /^HTTP\/1\.1 400 /);
  const hung = dialRaw(proxy);
  hung.socket.end(callText("refund"));
  await hung.closed;
  t.equal(hung.text(), "");
  t.same(called, []);
});
