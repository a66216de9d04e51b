/** What bounds a gateway that is slow, dripping, large or away, the same in every lane. */
import t from "tap";
import { opensslAccepts } from "../helpers/openssl.ts";
import { answerTo, dialProxy, eventually, LANES, OK, originOf, requestOf, startBefore } from "../helpers/upstream-attack.ts";

/** Writes a piece every few milliseconds until the connection ends. */
function drip(socket: { readonly destroyed: boolean; write(text: string): unknown } | undefined, piece: string): void {
  const timer = setInterval(() => (socket?.destroyed === false ? socket.write(piece) : clearInterval(timer)), 10);
  timer.unref();
}

for (const [what, begin, piece] of [
  ["interim answers", "", "HTTP/1.1 102 Processing\r\n\r\n"],
  ["a head", "HTTP/1.1 200 OK\r\nx: ", "a"],
  ["a body", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", "a"],
] as const) {
  t.test(`a gateway that drips ${what} is given up after --upstream-timeout, in every lane`, async (t) => {
    for (const lane of LANES) {
      const origin = await originOf(t, () => {
        drip(origin.sockets[0], piece);
        return begin;
      });
      const proxy = await startBefore(t, origin.origin, { upstreamTimeoutMs: 300 });
      const answer = await answerTo(t, proxy, requestOf(lane));
      if (what === "a body" && lane !== "exchange") t.notMatch(answer, "504", `${lane}: what was begun is broken off`);
      else t.match(answer, /^HTTP\/1\.1 504 [\s\S]*signature: [\s\S]*\(timeout\)/, lane);
      t.ok(await eventually(() => origin.sockets[0]?.destroyed === true && proxy.calls().length === 1), `${lane}: the connection is ended`);
      t.match(proxy.calls(), [{ outcome: "failed", failure: { kind: "timeout", detail: /not whole after 300 ms/ } }], lane);
    }
  });
}

t.test("a gateway that takes no bytes of a large upload is given up too", async (t) => {
  const origin = await originOf(t, () => undefined);
  const proxy = await startBefore(t, origin.origin, { upstreamTimeoutMs: 300 });
  const length = 40 * 1024 * 1024;
  const answering = answerTo(
    t,
    proxy,
    requestOf("stream").replace(/Content-Length: \d+[\s\S]*$/, `Content-Length: ${length}\r\n\r\n${"x".repeat(length)}`),
  );
  t.ok(await eventually(() => origin.sockets[0]?.pause() !== undefined));
  t.match(await answering, /^HTTP\/1\.1 504 [\s\S]*took no bytes of the request for 300 ms/);
  t.match(proxy.calls(), [{ outcome: "failed", failure: { kind: "timeout" } }]);
});

t.test("a client that reads slowly is not the gateway's fault", async (t) => {
  const body = "x".repeat(8 * 1024 * 1024);
  const origin = await originOf(t, () => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  const proxy = await startBefore(t, origin.origin, { upstreamTimeoutMs: 1500 });
  const client = dialProxy(t, proxy, requestOf("stream"));
  t.ok(await eventually(() => client.received().length > 0));
  client.socket.pause();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  client.socket.resume();
  await client.closed;
  t.ok(client.received().endsWith(body), "the answer comes whole");
});

t.test("an answer's head has a limit of its own, in every lane", async (t) => {
  const head = (bytes: number) => `HTTP/1.1 200 OK\r\nx-large: ${"a".repeat(bytes)}\r\nContent-Length: 2\r\n\r\nhi`;
  for (const lane of LANES) {
    const origin = await originOf(t, () => head(20 * 1024));
    t.match(await answerTo(t, await startBefore(t, origin.origin), requestOf(lane)), /^HTTP\/1\.1 200 /, `${lane}: 20 KiB pass`);
    const narrow = await startBefore(t, origin.origin, { maxUpstreamHeaderBytes: 10 * 1024 });
    t.match(await answerTo(t, narrow, requestOf(lane)), /^HTTP\/1\.1 502 [\s\S]*\(too-large\)/, `${lane}: over the limit`);
    t.match(narrow.calls(), [{ outcome: "failed", failure: { kind: "too-large" } }], lane);
  }
});

t.test("a call whose gateway is away gets the same signed answer and record in every lane", async (t) => {
  const gone = await originOf(t, () => OK);
  await gone.close();
  for (const lane of LANES) {
    const proxy = await startBefore(t, gone.origin);
    const answer = await answerTo(t, proxy, requestOf(lane));
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    t.match(head, /^HTTP\/1\.1 502 [\s\S]*x-fault-outcome: failed/, lane);
    const line = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(head.replaceAll("\r", ""))?.[1] ?? "";
    const method = lane === "upgrade" ? "GET" : "POST";
    const signed = `${method} /ams/sandbox/api/v1/payments/pay\n${line("client-id")}.${line("response-time")}.${body}`;
    t.ok(opensslAccepts(proxy.publicKey.pem, line("signature"), signed), `${lane}: the answer is signed`);
    t.notOk(opensslAccepts(proxy.publicKey.pem, line("signature"), `${signed} `), `${lane}: and nothing else is`);
    t.match(JSON.parse(body), { result: { resultCode: "UNKNOWN_EXCEPTION", resultStatus: "U" } });
    t.match(proxy.calls(), [
      { outcome: "failed", failure: { kind: "refused" }, resultCode: "UNKNOWN_EXCEPTION", response: { status: 502 }, delivery: "whole" },
    ]);
  }
});

t.test("an answer to HEAD, and a 304, keep the length that the gateway gave, in every lane that reads them", async (t) => {
  for (const [status, method] of [
    ["200 OK", "HEAD"],
    ["304 Not Modified", "GET"],
  ] as const) {
    const origin = await originOf(t, () => `HTTP/1.1 ${status}\r\nContent-Length: 123\r\n\r\n`);
    const proxy = await startBefore(t, origin.origin);
    t.match(await answerTo(t, proxy, requestOf("exchange", [], method)), /\r\nContent-Length: 123\r\n/i, `${method} exchange`);
    t.match(await answerTo(t, proxy, requestOf("stream", [], method)), /\r\nContent-Length: 123\r\n/i, `${method} stream`);
  }
});
