/** The stream lane, seen from both ends on the raw wire. */
import { once } from "node:events";
import { connect as http2Connect } from "node:http2";
import { createServer as createSecureServer } from "node:https";
import { connect } from "node:net";
import util from "node:util";
import t, { type Test } from "tap";
import { createCa } from "../../src/listeners/certificates/ca.ts";
import { issueLeaf } from "../../src/listeners/certificates/leaf.ts";
import type { OnCall } from "../../src/listeners/connection/door.ts";
import { readBody } from "../../src/listeners/wire/read-body.ts";
import { createDial, type DialOptions, type LaneOptions } from "../../src/upstream/dial.ts";
import { createStreamLane } from "../../src/upstream/stream.ts";
import { type OpenDoor, openDoor, talk } from "../helpers/open-door.ts";
import { type RawOrigin, startCorporateProxy, startRawOrigin } from "../helpers/raw-origin.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

interface Lane {
  readonly door: OpenDoor;
  readonly origin: RawOrigin;
  /** What the lane resolved with, call by call: a status or a kind of failure. */
  readonly ends: (number | string)[];
}

/** A door whose every call goes through the lane, after `limitBytes` of its body have been read. */
async function openLane(
  t: Test,
  origin: RawOrigin,
  options: Partial<LaneOptions> & DialOptions & { limitBytes?: number; to?: string } = {},
): Promise<Lane> {
  const lane = createStreamLane({ dial: createDial(options), timeoutMs: 5000, maxHeadBytes: 65_536, ...options });
  const ends: (number | string)[] = [];
  const onCall: OnCall = (wire) => {
    const read = options.limitBytes === undefined ? undefined : readBody(wire, options.limitBytes);
    void Promise.resolve(read)
      .then((before) => lane({ wire, origin: options.to ?? origin.origin, prefix: before?.kind === "over-limit" ? before.prefix : [] }))
      .then((result) => {
        ends.push(result.kind === "answered" ? result.status : result.failure.kind);
        if (result.kind !== "failed" || result.begun || wire.out.destroyed) return;
        wire.respond(502, ["content-type", "text/plain"]);
        wire.out.end(`${result.failure.kind}: ${result.failure.detail}`);
      });
  };
  const door = await openDoor({ onCall });
  t.teardown(async () => {
    await origin.close();
    await door.door.stop(0);
  });
  return { door, origin, ends };
}

t.test("a call keeps its path, header case, order and repetition; lines of one connection stay behind", async (t) => {
  const { door, origin, ends } = await openLane(t, await startRawOrigin(() => OK));
  const head = [
    "POST /ams/sandbox/api//v1/pay?a=%2f&b=http://x//y HTTP/1.1",
    "Host: open-na.alipay.com",
    "Content-Type: application/json",
    "Content-Type: application/json; charset=UTF-8",
    "CLIENT-ID: SANDBOX_1",
    "signature: a,b",
    "Connection: close, X-Hop",
    "X-Hop: secret",
    "Keep-Alive: timeout=5",
    "Proxy-Authorization: Basic x",
    "TE: trailers",
    "Expect: 100-continue",
    "Content-Length: 2",
  ];
  const answer = await talk(door.port, `${head.join("\r\n")}\r\n\r\nhi`);
  t.match(answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  const [sent = ""] = origin.received;
  t.same(sent.split("\r\n"), [
    "POST /ams/sandbox/api//v1/pay?a=%2f&b=http://x//y HTTP/1.1",
    `Host: 127.0.0.1:${origin.port}`,
    "Content-Type: application/json",
    "Content-Type: application/json; charset=UTF-8",
    "CLIENT-ID: SANDBOX_1",
    "signature: a,b",
    "Content-Length: 2",
    "Connection: keep-alive",
    "",
    "hi",
  ]);
  t.same(ends, [200]);
});

t.test("an absolute-form target reaches the gateway as its path", async (t) => {
  const { door, origin } = await openLane(t, await startRawOrigin(() => OK));
  await talk(door.port, "GET https://open-na.alipay.com/a//b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  t.match(origin.received[0], /^GET \/a\/\/b HTTP\/1\.1\r\nHost: 127\.0\.0\.1/);
});

t.test("an answer keeps its status, header case and repetition, and never closes the client's connection for the gateway", async (t) => {
  const lines = ["X-Case: Kept", "Set-Cookie: a=1", "Set-Cookie: b=2", "Connection: close, X-Hop", "X-Hop: secret", "Content-Length: 2"];
  const { door } = await openLane(t, await startRawOrigin(() => `HTTP/1.1 418 Teapot\r\n${lines.join("\r\n")}\r\n\r\nhi`));
  const socket = connect(door.port, "127.0.0.1");
  for (const round of [1, 2]) {
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const text = String((await once(socket, "data"))[0]);
    t.match(
      text,
      /^HTTP\/1\.1 418 [^\r]+\r\nX-Case: Kept\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n/,
      `round ${round}`,
    );
    t.notMatch(text, /X-Hop|Connection: close/);
  }
  socket.destroy();
});

t.test("connections to the gateway are kept and used again", async (t) => {
  const { door, origin } = await openLane(t, await startRawOrigin(() => OK));
  for (let round = 0; round < 3; round += 1) await talk(door.port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  t.equal(origin.received.length, 1);
});

t.test("a large body streams through with the part that had been read, in both framings", async (t) => {
  const { door, origin, ends } = await openLane(t, await startRawOrigin(() => OK), { limitBytes: 10 });
  const body = "0123456789".repeat(30_000);
  await talk(door.port, [`POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`, body]);
  t.match(origin.received[0], `Content-Length: ${body.length}\r\n`);
  t.ok(origin.received[0]?.endsWith(body));
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
  await talk(door.port, ["PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, "0\r\n\r\n"]);
  const chunked = (origin.received[0] ?? "").split("PUT /")[1] ?? "";
  t.match(chunked, "Transfer-Encoding: chunked");
  t.equal(chunked.replaceAll(/[^0]/g, "").length > 30_000, true);
  t.same(ends, [200, 200]);
});

t.test("a GET with a chunked body, and a POST without any, keep a framing that nobody can misread", async (t) => {
  const { door, origin } = await openLane(t, await startRawOrigin(() => OK));
  await talk(door.port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
  t.match(origin.received[0], /Transfer-Encoding: chunked\r\n[\s\S]*2\r\nhi\r\n0\r\n\r\n$/);
  await talk(door.port, "POST /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  t.match(origin.received[0], /POST \/none[\s\S]*Content-Length: 0\r\n/);
});

t.test("an HTTP/2 call is carried as HTTP/1.1, its answer as HTTP/2", async (t) => {
  const answer =
    "HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
  const { door, origin, ends } = await openLane(t, await startRawOrigin(() => answer));
  const session = http2Connect(`https://localhost:${door.port}`, { ca: door.ca.certificatePem }).on("error", () => undefined);
  const stream = session.request({ ":method": "POST", ":path": "/a//b", "Client-Id": "x" });
  stream.end("body");
  const [headers] = await once(stream, "response");
  t.match(headers, { ":status": 200, "x-a": "1, 2", "set-cookie": ["a", "b"], "transfer-encoding": undefined });
  t.equal(String((await once(stream, "data"))[0]), "hi");
  await once(stream, "close");
  session.close();
  t.match(origin.received[0], /^POST \/a\/\/b HTTP\/1\.1\r\nHost: 127[\s\S]*client-id: x\r\n/);
  t.notMatch(origin.received[0], ":method");
  t.same(ends, [200]);
});

t.test(
  "a gateway that refuses, says nothing, or breaks off is told as what it is, or breaks the answer off, and never makes it look whole",
  async (t) => {
    const dead = await startRawOrigin(() => OK);
    await dead.close();
    const refused = await openLane(t, await startRawOrigin(() => OK), { to: dead.origin });
    const answer = await talk(refused.door.port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    t.match(answer, /^HTTP\/1\.1 502 [\s\S]*refused: .*ECONNREFUSED/);
    const silent = await openLane(t, await startRawOrigin(() => undefined), { timeoutMs: 100 });
    t.match(
      await talk(silent.door.port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
      /^HTTP\/1\.1 502 [\s\S]*timeout: the answer was not whole after 100 ms/,
    );
    const origin: RawOrigin = await startRawOrigin(() => {
      setTimeout(() => origin.sockets[0]?.resetAndDestroy(), 30);
      return "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhi";
    });
    const broken = await openLane(t, origin);
    const half = await talk(broken.door.port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    t.notMatch(half, "502");
    t.same([refused.ends, silent.ends, broken.ends], [["refused"], ["timeout"], ["reset"]]);
  },
);

t.test("a client that gives up ends the gateway's call too", async (t) => {
  const { door, origin, ends } = await openLane(t, await startRawOrigin(() => undefined));
  const socket = connect(door.port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  while (origin.sockets.length === 0 || origin.received[0] === "") await new Promise((resolve) => setTimeout(resolve, 5));
  const [upstream] = origin.sockets;
  if (upstream === undefined) throw new Error("no call");
  socket.resetAndDestroy();
  await once(upstream, "close");
  t.same(ends, ["cancelled"]);
});

t.test("the gateway's certificate is checked, with the extra CA and without, directly and through a corporate proxy", async (t) => {
  const { ca } = createCa(["gateway.test"], Date.now());
  const leaf = issueLeaf(ca, ["localhost", "gateway.test"], Date.now());
  const server = createSecureServer({ cert: leaf.certificatePem, key: leaf.keyPem }, (_request, response) => response.end("hi"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const corporate = await startCorporateProxy();
  t.teardown(async () => {
    await corporate.close();
    server.closeAllConnections();
    server.close();
  });
  const proxy = new URL(corporate.url.replace("//", "//user:p%40ss@"));
  const cases = [
    { to: `https://localhost:${port}`, options: { extraCa: [ca.certificatePem] }, status: 200 },
    { to: `https://localhost:${port}`, options: {}, status: 502 },
    { to: `https://gateway.test:${port}`, options: { extraCa: [ca.certificatePem], proxyFor: () => proxy }, status: 200 },
    { to: `https://gateway.test:${port}`, options: { proxyFor: () => proxy }, status: 502 },
    { to: `https://other.test:${port}`, options: { extraCa: [ca.certificatePem], proxyFor: () => proxy }, status: 502 },
  ];
  for (const { to, options, status } of cases) {
    const { door } = await openLane(t, await startRawOrigin(() => OK), { to, ...options });
    const answer = await talk(door.port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${to}: ${answer.split("\r\n\r\n")[1]}`);
  }
  t.equal(corporate.asked[0]?.target, `gateway.test:${port}`);
  t.equal(corporate.asked[0]?.authorization, `Basic ${Buffer.from("user:p@ss").toString("base64")}`);
});

t.test("no deprecation of http-proxy's is reported, and Node's own function is left alone", async (t) => {
  const warnings: string[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning.message);
  process.on("warning", onWarning);
  const extend: unknown = Reflect.get(util, "_extend");
  const { door } = await openLane(t, await startRawOrigin(() => OK));
  t.match(await talk(door.port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 200 /);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", onWarning);
  t.same(warnings, []);
  t.equal(Reflect.get(util, "_extend"), extend);
});
