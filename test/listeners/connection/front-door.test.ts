/** One port for everything: what each kind of client gets, and what none may do. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { connect as http2Connect } from "node:http2";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { connect as tlsConnect } from "node:tls";
import t from "tap";
import { type Echo, echo, GATEWAY, openDoor, talk } from "../../helpers/open-door.ts";
import { needs } from "../../helpers/programs.ts";
import { runCommand } from "../../helpers/run-command.ts";

const PATH = "/ams/sandbox/api//v1/payments/pay?a=%2F";

function bodyOf(text: string | Buffer): Echo {
  const parsed: Echo = JSON.parse(text.toString());
  return parsed;
}

function createPromise<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

async function caFile(folder: string, pem: string): Promise<string> {
  const file = join(folder, "ca.pem");
  await writeFile(file, pem);
  return file;
}

t.test("plain HTTP, https, and HTTP/2 with and without TLS join one handler on one port", needs("curl"), async (t) => {
  const { port, ca, door } = await openDoor();
  t.teardown(() => door.stop(0));
  const cacert = ["--cacert", await caFile(t.testdir(), ca.certificatePem)];
  const cases = [
    { way: "http", url: `http://127.0.0.1:${port}`, args: ["--http1.1"] },
    { way: "https", url: `https://localhost:${port}`, args: [...cacert, "--http1.1"] },
    { way: "https", url: `https://127.0.0.1:${port}`, args: [...cacert, "--http1.1"] },
    { way: "http2", url: `https://localhost:${port}`, args: [...cacert, "--http2"] },
    { way: "http2", url: `http://127.0.0.1:${port}`, args: ["--http2-prior-knowledge"] },
    { way: "https", url: `https://proxy.test:${port}`, args: [...cacert, "--http1.1", "--resolve", `proxy.test:${port}:127.0.0.1`] },
  ];
  for (const { way, url, args } of cases) {
    const ran = await runCommand("curl", ["-sS", ...args, "-d", "hello", "-H", "Request-Time: 1", `${url}${PATH}`]);
    t.equal(ran.code, 0, ran.stderr);
    const seen = bodyOf(ran.stdout);
    t.equal(seen.arrival.way, way, `${url} ${args.at(-1)}`);
    t.equal(seen.arrival.localPort, port);
    t.equal(seen.arrival.remoteAddress, "127.0.0.1");
    t.match(seen.head, { method: "POST", target: PATH, path: PATH, authority: new URL(url).host });
    t.equal(seen.body, "hello");
    const lines = seen.head.headers.map((line) => line.toLowerCase());
    t.ok(lines.includes("request-time"));
    t.notOk(
      lines.some((line) => line.startsWith(":")),
      "pseudo-headers are no header lines",
    );
    t.ok(lines.includes("host"));
  }
});

t.test("curl refuses our certificate without the CA", needs("curl"), async (t) => {
  const { port, door, events } = await openDoor();
  t.teardown(() => door.stop(0));
  const ran = await runCommand("curl", ["-sS", `https://localhost:${port}/`]);
  t.equal(ran.code, 60, "curl's code for an unknown issuer");
  t.match(events, [{ kind: "handshake", serverName: "localhost", detail: /unknown ca/ }]);
});

t.test("openssl's client verifies us by name, agrees on a protocol, and gets nothing older than TLS 1.2", needs("openssl"), async (t) => {
  const { port, ca, door } = await openDoor();
  t.teardown(() => door.stop(0));
  const file = await caFile(t.testdir(), ca.certificatePem);
  const dial = async (...args: readonly string[]): Promise<{ code: number | undefined; text: string }> => {
    const trust = ["-CAfile", file, "-verify_return_error"];
    const ran = await runCommand("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, ...trust, ...args], { input: "Q\n" });
    return { code: ran.code, text: ran.stdout.toString() + ran.stderr };
  };
  const named = await dial("-servername", GATEWAY, "-verify_hostname", GATEWAY, "-alpn", "h2,http/1.1");
  t.equal(named.code, 0, named.text);
  t.match(named.text, /Verify return code: 0 \(ok\)/);
  t.match(named.text, "ALPN protocol: h2");
  t.match(
    (await dial("-servername", "proxy.test", "-verify_hostname", "proxy.test", "-alpn", "http/1.1", "-tls1_2")).text,
    "ALPN protocol: http/1.1",
  );
  t.equal((await dial("-noservername", "-verify_ip", "127.0.0.1")).code, 0);
  t.match((await dial("-servername", GATEWAY, "-verify_hostname", "example.com")).text, /hostname mismatch/i);
  t.match((await dial("-servername", "example.com", "-verify_hostname", "example.com")).text, "permitted subtree violation");
  t.not((await dial("-servername", GATEWAY, "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0")).code, 0);
});

t.test("Python's http.client with absolute-form targets gets in, in clear and inside TLS", needs("python3"), async (t) => {
  const { port, ca, door } = await openDoor();
  t.teardown(() => door.stop(0));
  const script = `
import http.client, ssl, sys, json
port, cafile = int(sys.argv[1]), sys.argv[2]
context = ssl.create_default_context(cafile=cafile)
for connection in (http.client.HTTPConnection("127.0.0.1", port), http.client.HTTPSConnection("localhost", port, context=context)):
    connection.request("POST", "https://${GATEWAY}${PATH}", body="hello", headers={"Connection": "Keep-Alive"})
    print(connection.getresponse().read().decode())
    connection.close()
try:
    http.client.HTTPSConnection("localhost", port, context=ssl.create_default_context()).request("GET", "/")
except ssl.SSLCertVerificationError as error:
    print(json.dumps({"refused": str(error)}))
`;
  const ran = await runCommand("python3", ["-c", script, String(port), await caFile(t.testdir(), ca.certificatePem)]);
  t.equal(ran.code, 0, ran.stderr);
  const [plain = "", secure = "", refused = ""] = ran.stdout.toString().trim().split("\n");
  for (const [way, text] of [
    ["http", plain],
    ["https", secure],
  ] as const) {
    const seen = bodyOf(text);
    t.equal(seen.arrival.way, way);
    t.match(seen.head, { target: `https://${GATEWAY}${PATH}`, path: PATH, authority: GATEWAY });
    t.equal(seen.body, "hello");
  }
  t.match(refused, "CERTIFICATE_VERIFY_FAILED");
});

t.test("HTTP/2 calls share a connection, stream both ways, and look like HTTP/1 to the core", async (t) => {
  const { port, ca, door } = await openDoor();
  t.teardown(() => door.stop(0));
  const session = http2Connect(`https://localhost:${port}`, { ca: ca.certificatePem }).on("error", () => undefined);
  const call = async (body: string): Promise<Echo> => {
    const headers = { ":method": "POST", ":path": PATH, ":authority": `${GATEWAY}:443`, cookie: ["a=1", "b=2"], te: "trailers" };
    const stream = session.request(headers);
    stream.end(body);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer); // a byte stream yields Buffers
    return bodyOf(Buffer.concat(chunks));
  };
  const bodies = ["", "a", "b".repeat(200_000)];
  const seen = await Promise.all(bodies.map(call));
  t.same(
    seen.map(({ body }) => body),
    bodies,
  );
  for (const { head, arrival } of seen) {
    t.equal(arrival.way, "http2");
    t.equal(arrival.serverName, "localhost");
    t.same(head.headers, ["host", `${GATEWAY}:443`, "te", "trailers", "cookie", "a=1; b=2"]);
  }
  session.close();
});

t.test("an HTTP/2 CONNECT is told that tunnels need HTTP/1.1", async (t) => {
  const { port, ca, door } = await openDoor();
  t.teardown(() => door.stop(0));
  const session = http2Connect(`https://localhost:${port}`, { ca: ca.certificatePem }).on("error", () => undefined);
  const stream = session.request({ ":method": "CONNECT", ":authority": "a.example:443" });
  const [headers] = await once(stream, "response");
  t.equal(headers[":status"], 501);
  session.destroy();
});

const GOOD = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi";

/** Each could be read differently by two servers, or is no HTTP at all. */
const REFUSED: readonly (readonly [string, number, string])[] = [
  ["both lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  [
    "both lengths, the other way round",
    400,
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
  ],
  ["two lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi"],
  ["a list of lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\nhi"],
  ["a signed length", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\nhi"],
  ["a space before the colon", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 2\r\n\r\nhi"],
  ["a chunk size that is no number", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n0\r\n\r\n"],
  ["a chunk size with 0x", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x2\r\nhi\r\n0\r\n\r\n"],
  ["a chunk longer than it says", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhiX\r\n0\r\n\r\n"],
  ["chunks with bare line feeds", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\nhi\n0\n\n"],
  ["a length in the trailer", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 2\r\n\r\n"],
  ["a folded line", 400, "POST / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\nContent-Length: 0\r\n\r\n"],
  ["a folded coding", 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"],
  ["bare line feeds", 400, "POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n"],
  ["a carriage return in a value", 400, "POST / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n"],
  ["a NUL in a value", 400, "POST / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n"],
  ["a disguised coding", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"],
  ["an unknown coding before chunked", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"],
  ["a coding in HTTP/1.0", 400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["two hosts", 400, "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n"],
  ["no host", 400, "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"],
  ["no version", 505, "GET /\r\n\r\n"],
  ["a version from elsewhere", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"],
  ["a target of another scheme", 400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a target in authority form", 400, "GET a:443 HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a space in the target", 400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["huge header lines", 431, `GET / HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(20_000)}\r\n\r\n`],
  ["a huge target", 431, `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ["noise", 400, "\0\0\0\0"],
];

t.test("requests that could be smuggled, and what is no HTTP, are refused and the connection closed", async (t) => {
  let calls = 0;
  const { port, door, events } = await openDoor({
    onCall: (wire, arrival) => {
      calls += 1;
      echo(wire, arrival);
    },
  });
  t.teardown(() => door.stop(0));
  for (const [name, status, bytes] of REFUSED) {
    calls = 0;
    const answer = await talk(port, `${bytes}${GOOD}`);
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${name}: ${status}`);
    t.equal(answer.split("HTTP/1.1 200").length, 1, `${name}: nothing behind it is answered`);
    t.ok(calls <= 1, `${name}: the request behind it is not read`);
  }
  t.equal((await talk(port, GOOD)).startsWith("HTTP/1.1 200"), true, "the door still works");
  t.ok(events.filter(({ kind }) => kind === "malformed").length >= REFUSED.length - 1);
});

t.test("a request arriving byte by byte is read like any other, TLS included", async (t) => {
  const { port, door } = await openDoor();
  t.teardown(() => door.stop(0));
  t.match(await talk(port, [...GOOD], 0), /"body":"hi"/);
  t.match(await talk(port, ["P", GOOD.slice(1)]), /"body":"hi"/, "P alone could begin POST or HTTP/2's preface");
  t.match(await talk(port, ["PR", "OPFIND / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"]), /"method":"PROPFIND"/);
});

t.test("pipelined requests are answered in order", async (t) => {
  const { port, door } = await openDoor();
  t.teardown(() => door.stop(0));
  const first = "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
  const answer = await talk(port, first + first.replace("/1", "/2") + GOOD);
  t.same(
    [...answer.matchAll(/"path":"([^"]+)"/g)].map((match) => match[1]),
    ["/1", "/2", "/a"],
  );
});

t.test("silent and slow clients are closed", async (t) => {
  const { port, door } = await openDoor({ limits: { headTimeoutMs: 150, requestTimeoutMs: 300, idleTimeoutMs: 150 } });
  t.teardown(() => door.stop(0));
  const cases = {
    "never says a word": "",
    "stops within the head": "POST / HTTP/1.1\r\nHost: a\r\n",
    "stops within a TLS handshake": "\x16\x03\x01",
    "stops within the HTTP/2 preface": "PRI * HT",
    "stops within the body": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
    "stays after its answer": "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  };
  await Promise.all(
    Object.entries(cases).map(async ([name, bytes]) => {
      const startedAtMs = performance.now();
      const answer = await talk(port, bytes === "" ? [] : bytes);
      t.ok(performance.now() - startedAtMs < 5000, name);
      if (/head|body/.test(name)) t.match(answer, /^HTTP\/1\.1 408 /, name);
    }),
  );
});

t.test("connections over the limit are dropped, and told", async (t) => {
  const { port, door, events } = await openDoor({ limits: { connections: 1 } });
  t.teardown(() => door.stop(0));
  const held = connect(port, "127.0.0.1");
  await once(held, "connect");
  t.equal(await talk(port, GOOD), "");
  held.destroy();
  t.match(events, [{ kind: "dropped", remoteAddress: "127.0.0.1" }]);
});

t.test("a client that closes its sending side still gets its answer", async (t) => {
  const { port, door } = await openDoor();
  t.teardown(() => door.stop(0));
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.end("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const [chunk] = await once(socket, "data");
  t.match(String(chunk), /^HTTP\/1\.1 200/);
  socket.destroy();
});

t.test("a stop lets calls in flight end, closes idle connections at once, and the rest after the grace", async (t) => {
  const slow = createPromise<() => void>();
  const { port, ca, door } = await openDoor({
    onCall: (wire, arrival) => {
      if (wire.head.path !== "/slow") return echo(wire, arrival);
      slow.resolve(() => echo(wire, arrival));
    },
  });
  const open = async (): Promise<Socket> => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    return socket;
  };
  const [silent, idle, busy] = [await open(), await open(), await open()];
  const preconnected = tlsConnect({ port, host: "127.0.0.1", servername: "localhost", ca: ca.certificatePem }).on("error", () => undefined);
  await once(preconnected, "secureConnect");
  const tunnel = await open();
  tunnel.write(`CONNECT ${GATEWAY}:443 HTTP/1.1\r\nHost: a\r\n\r\n`);
  await once(tunnel, "data");
  idle.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await once(idle, "data");
  busy.write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  const finish = await slow.promise;
  const atOnce = [silent, idle, preconnected, tunnel];
  const ends = atOnce.map((socket) => once(socket, "close"));
  const stopped = door.stop(5000);
  for (const socket of atOnce) socket.resume();
  await Promise.all(ends);
  t.notOk(busy.closed, "the call in flight goes on");
  await t.rejects(once(connect(port, "127.0.0.1"), "connect"), { code: "ECONNREFUSED" });
  const answered = once(busy, "data");
  finish();
  t.match(String((await answered)[0]), /^HTTP\/1\.1 200/);
  const startedAtMs = performance.now();
  await stopped;
  t.ok(performance.now() - startedAtMs < 1000, "the last connection closes with its answer");
});

t.test("a stop ends HTTP/2 connections after their calls, and whatever does not end after the grace", async (t) => {
  const slow = createPromise<() => void>();
  const { port, ca, door } = await openDoor({ onCall: (wire, arrival) => slow.resolve(() => echo(wire, arrival)) });
  const session = http2Connect(`https://localhost:${port}`, { ca: ca.certificatePem }).on("error", () => undefined);
  const stream = session.request({ ":path": "/slow" });
  stream.resume();
  const finish = await slow.promise;
  const stopped = door.stop(5000);
  finish();
  const [headers] = await once(stream, "response");
  t.equal(headers[":status"], 200);
  await stopped;
  const came = createPromise<void>();
  const second = await openDoor({ onCall: () => came.resolve() });
  const stuck = httpRequest({ port: second.port, host: "127.0.0.1" });
  stuck.on("error", () => undefined).end();
  const ended = t.rejects(once(stuck, "response"), { code: "ECONNRESET" }, "stopped although a call never ended");
  await came.promise;
  await second.door.stop(50);
  await ended;
});

t.test("an address in use is the caller's to report", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { door } = await openDoor();
  t.teardown(() => Promise.all([door.stop(0), server.close()]));
  await t.rejects(door.listen({ host: "127.0.0.1", port }), { code: "EADDRINUSE" });
});

t.test("a kept certificate makes handshakes resumable and cheap", async (t) => {
  const { port, ca, door } = await openDoor();
  t.teardown(() => door.stop(0));
  const options = { port, host: "127.0.0.1", servername: "localhost", ca: ca.certificatePem };
  const first = tlsConnect(options).on("error", () => undefined);
  const [session] = await once(first, "session");
  first.destroy();
  const second = tlsConnect({ ...options, session }).on("error", () => undefined);
  await once(second, "secureConnect");
  t.ok(second.isSessionReused());
  second.destroy();
});
