/** The stand-in's server: limits, broken clients, TLS and HTTP/2, stopping. */
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import t from "tap";
import type { HttpRequest, HttpResponse } from "../../src/http/message.ts";
import { type ServeOptions, type Serving, serve } from "../../src/sandbox/serve.ts";
import { needs } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";

const answer = (text: string): HttpResponse => ({ status: 200, headers: ["content-length", String(text.length)], body: Buffer.from(text) });

function start(changes: Partial<ServeOptions> = {}): Promise<Serving> {
  return serve({
    host: "127.0.0.1",
    port: 0,
    tls: undefined,
    bodyLimitBytes: 1000,
    onRequest: async (request: HttpRequest) => answer(`${request.method} ${request.path} ${request.body.length}`),
    onTooLarge: () => answer("too large"),
    onBug: () => undefined,
    ...changes,
  });
}

/** A client that means to keep its connection. */
const keeping = new Agent({ keepAlive: true });
t.teardown(() => keeping.destroy());

function post(port: number, body: string, agent: Agent | false = false): Promise<{ status: number; text: string; closes: boolean }> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({ host: "127.0.0.1", port, method: "POST", path: "/p", agent }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text, closes: response.headers.connection === "close" }));
    });
    call.on("error", reject);
    call.end(body);
  });
}

t.test("a body up to the limit is handed on, a longer one answered without it, and the server goes on", async (t) => {
  const serving = await start();
  t.teardown(serving.stop);
  t.equal((await post(serving.port, "x".repeat(1000))).text, "POST /p 1000");
  t.equal((await post(serving.port, "x".repeat(1001))).text, "too large");
  t.equal((await post(serving.port, "x".repeat(5_000_000))).text, "too large");
  t.equal((await post(serving.port, "")).text, "POST /p 0");
});

t.test("a bug answers 500, is told, and spares the next call", async (t) => {
  const bugs: unknown[] = [];
  let isBroken = true;
  const serving = await start({
    onRequest: async () => {
      if (isBroken) throw new Error("broken");
      return answer("fine");
    },
    onBug: (error) => bugs.push(error),
  });
  t.teardown(serving.stop);
  t.equal((await post(serving.port, "")).status, 500);
  t.match(bugs, [{ message: "broken" }]);
  isBroken = false;
  t.equal((await post(serving.port, "")).text, "fine");
});

t.test("whatever is thrown at the port, the next call is answered", async (t) => {
  const serving = await start();
  t.teardown(serving.stop);
  const garbage = [
    "\u0000\u0001\u0002",
    "GET\r\n\r\n",
    "POST / HTTP/9.9\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    `GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(100_000)}\r\n\r\n`,
    "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
  ];
  for (const bytes of garbage) {
    const socket = connect(serving.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    const reaction = Promise.race([once(socket, "data"), once(socket, "close")]);
    socket.write(bytes);
    // The unfinished body gets no reaction: its client just leaves.
    if (!bytes.endsWith("half")) await reaction;
    socket.resetAndDestroy();
    t.equal((await post(serving.port, "ok")).text, "POST /p 2", JSON.stringify(bytes.slice(0, 30)));
  }
});

t.test("stopping lets a call in flight finish and closes idle connections", async (t) => {
  let release: () => void = () => undefined;
  let arrived: () => void = () => undefined;
  const inFlight = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const serving = await start({
    onRequest: async () => {
      arrived();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return answer("late");
    },
  });
  const idle = connect(serving.port, "127.0.0.1");
  await once(idle, "connect");
  const idleClosed = once(idle, "close");
  idle.resume();
  const late = post(serving.port, "x", keeping);
  await inFlight;
  const stopped = serving.stop();
  release();
  t.match(await late, { status: 200, text: "late", closes: true });
  await stopped;
  await idleClosed;
  await t.rejects(post(serving.port, "x"), { code: "ECONNREFUSED" });
});

t.test("a client that leaves in the middle of a call does not hold up stopping", async (t) => {
  let arrived: () => void = () => undefined;
  const inFlight = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const serving = await start({
    onRequest: () => {
      arrived();
      return new Promise(() => undefined);
    },
  });
  const socket = connect(serving.port, "127.0.0.1", () => socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));
  await inFlight;
  socket.resetAndDestroy();
  const startedAtMs = Date.now();
  await serving.stop();
  t.ok(Date.now() - startedAtMs < 5000, "long before the deadline");
});

t.test("with a certificate both HTTP/1.1 and HTTP/2 are served, and both end in good order", needs("openssl"), async (t) => {
  const made = await runCommand("openssl", [
    ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x -addext subjectAltName=IP:127.0.0.1 -keyout - -out -".split(
      " ",
    ),
  ]);
  const pem = made.stdout.toString();
  const cert = pem.slice(pem.indexOf("-----BEGIN CERT"));
  let hold: (release: () => void) => void = () => undefined;
  const arrived = new Promise<() => void>((resolve) => {
    hold = resolve;
  });
  const onRequest = async (request: HttpRequest): Promise<HttpResponse> => {
    if (request.path !== "/held") return answer(`${request.method} ${request.path} ${request.body.length}`);
    await new Promise<void>((release) => hold(release));
    return answer("late");
  };
  const serving = await start({ tls: { cert, key: pem.slice(0, pem.indexOf("-----BEGIN CERT")) }, onRequest });
  const overTls = await new Promise<string>((resolve, reject) => {
    const call = httpsRequest({ host: "127.0.0.1", port: serving.port, ca: cert, method: "POST", path: "/h1" }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
    });
    call.on("error", reject);
    call.end("abc");
  });
  t.equal(overTls, "POST /h1 3");
  const session = connectHttp2(`https://127.0.0.1:${serving.port}`, { ca: cert });
  const stream = session.request({ ":method": "POST", ":path": "/h2" });
  stream.end("abcd");
  let text = "";
  for await (const chunk of stream) text += chunk;
  t.equal(text, "POST /h2 4");
  const held = session.request({ ":method": "POST", ":path": "/held" });
  held.end();
  const release = await arrived;
  const told = once(session, "goaway");
  const closed = once(session, "close");
  const stopped = serving.stop();
  await told;
  release();
  let late = "";
  for await (const chunk of held) late += chunk;
  t.equal(late, "late", "a stream in flight finishes, after its client was told to open no more");
  await Promise.all([stopped, closed]);
});
