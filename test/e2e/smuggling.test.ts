/** No request that the guard has not judged reaches the gateway, and no connection is used again whose request was not sent whole. */
import t, { type Test } from "tap";
import type { Proxy as RunningProxy } from "../../src/app/start-proxy.ts";
import type { RawOrigin } from "../helpers/raw-origin.ts";
import { answerTo, dialProxy, eventually, OK, originOf, requestOf, startBefore } from "../helpers/upstream-attack.ts";

const SMUGGLED = "POST /ams/api/v1/payments/pay HTTP/1.1\r\nHost: a\r\nclient-id: REAL\r\nContent-Length: 2\r\n\r\n{}";

/** Everything that the gateway was sent, and whether the production call was read there as a request of its own. */
async function checkNothingSmuggled(t: Test, proxy: RunningProxy, origin: RawOrigin): Promise<void> {
  t.match(await answerTo(t, proxy, requestOf("exchange")), /^HTTP\/1\.1 200 /, "the next call is served");
  const lines = origin.received
    .join("\n")
    .split("\r\n")
    .filter((line) => line.includes("/ams/api/"));
  t.same(lines, [], "no production call reached the gateway");
}

for (const framing of ["Content-Length", "Transfer-Encoding"] as const) {
  t.test(`an upgrade that announces a body (${framing}) smuggles nothing to the gateway`, async (t) => {
    for (const refusal of [OK, "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n"]) {
      const origin = await originOf(t, (text) => (text.includes("Upgrade") ? refusal : OK));
      const proxy = await startBefore(t, origin.origin);
      const chunked = `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`;
      const [line, body] =
        framing === "Content-Length" ? [`Content-Length: ${SMUGGLED.length}`, SMUGGLED] : ["Transfer-Encoding: chunked", chunked];
      t.match(await answerTo(t, proxy, requestOf("upgrade", [line]) + body), /^HTTP\/1\.1 400 /);
      await checkNothingSmuggled(t, proxy, origin);
    }
  });
}

t.test(
  "bytes sent right behind an upgrade go nowhere unless the protocol has changed, and its connection serves nothing else",
  async (t) => {
    const origin = await originOf(t, () => OK);
    const proxy = await startBefore(t, origin.origin);
    t.match(await answerTo(t, proxy, requestOf("upgrade") + SMUGGLED), /^HTTP\/1\.1 200 /);
    t.ok(await eventually(() => origin.sockets[0]?.destroyed === true), "the connection ends with its answer");
    await checkNothingSmuggled(t, proxy, origin);
    t.equal(origin.received.length, 2);
  },
);

for (const framing of ["length", "chunks"] as const) {
  t.test(`an upload broken off by its client (${framing}) ends the gateway's connection`, async (t) => {
    const origin = await originOf(t, () => OK);
    const proxy = await startBefore(t, origin.origin);
    const lines = framing === "length" ? "Content-Length: 100000" : "Transfer-Encoding: chunked";
    const begun = framing === "length" ? "x".repeat(5000) : `1388\r\n${"x".repeat(5000)}\r\n`;
    const { socket } = dialProxy(t, proxy, requestOf("stream").replace(/Content-Length: \d+[\s\S]*$/, `${lines}\r\n\r\n${begun}`));
    t.ok(await eventually(() => (origin.received[0] ?? "").includes("xxxx")));
    socket.resetAndDestroy();
    t.ok(await eventually(() => origin.sockets[0]?.destroyed === true), "the half-sent request's connection is ended");
    t.notMatch(origin.received[0], /0\r\n\r\n$/, "no end is made up");
    await checkNothingSmuggled(t, proxy, origin);
    t.equal(origin.received.length, 2, "and nothing is sent on it again");
  });
}

t.test("uploads that are answered early leave no connection behind, and the client gets the answer", async (t) => {
  const origin = await originOf(t, () => undefined);
  const proxy = await startBefore(t, origin.origin, { logLevel: "silent" });
  for (let round = 0; round < 5; round += 1) {
    const head = requestOf("stream").replace(/Content-Length: \d+[\s\S]*$/, `Content-Length: 100000\r\n\r\n${"x".repeat(5000)}`);
    const client = dialProxy(t, proxy, head.replace("Connection: close\r\n", ""));
    t.ok(await eventually(() => (origin.received[round] ?? "").includes("xxxx")));
    origin.sockets[round]?.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    t.ok(await eventually(() => client.received().endsWith("no")), `round ${round}: the answer is handed on`);
    t.ok(await eventually(() => origin.sockets[round]?.destroyed === true), `round ${round}: the gateway's connection is ended`);
    client.socket.write("x".repeat(95_000) + requestOf("exchange").replace("{}", ""));
    client.socket.destroy();
  }
  t.equal(origin.received.length, 5);
});

t.test("a gateway that answers before the request is whole does not get the next one on that connection (exchange lane)", async (t) => {
  const large = 6 * 1024 * 1024;
  const origin = await originOf(t, () => OK);
  let paused = false;
  const proxy = await startBefore(t, origin.origin, { maxBodyBytes: 8 * 1024 * 1024 });
  const text = requestOf("exchange").replace("Content-Length: 2\r\n", `Content-Length: ${large}\r\n`).slice(0, -2) + "x".repeat(large);
  const client = dialProxy(t, proxy, text);
  t.ok(
    await eventually(() => {
      const [socket] = origin.sockets;
      if (socket === undefined || paused) return paused;
      paused = true;
      socket.pause();
      socket.write(OK);
      return true;
    }),
  );
  await client.closed;
  t.match(client.received(), /^HTTP\/1\.1 200 /);
  t.match(await answerTo(t, proxy, requestOf("exchange")), /^HTTP\/1\.1 200 /);
  t.equal(origin.received.length, 2, "the next call has a connection of its own");
});
