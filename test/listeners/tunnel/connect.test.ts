/** CONNECT as clients use it: intercepted, tunnelled, refused. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect as http2Connect } from "node:http2";
import { connect, createServer, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { connect as tlsConnect } from "node:tls";
import t, { type Test } from "tap";
import { createOwnAddresses } from "../../../src/net/own-addresses.ts";
import { type Echo, GATEWAY, type OpenDoorOptions, openDoor, talk } from "../../helpers/open-door.ts";
import { needs } from "../../helpers/programs.ts";
import { runCommand } from "../../helpers/run-command.ts";

/** This machine's address on its network: whoever connects to it could be another machine. */
const lan = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;

/** A server that sends back every byte, for tunnels to lead to. */
async function startMirror(t: Test): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on("error", () => undefined));
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function open(t: Test, options: OpenDoorOptions = {}): Promise<Awaited<ReturnType<typeof openDoor>> & { cacert: string }> {
  const opened = await openDoor(options);
  t.teardown(() => opened.door.stop(0));
  const cacert = join(t.testdir(), "ca.pem");
  await writeFile(cacert, opened.ca.certificatePem);
  return { ...opened, cacert };
}

/** Sends a CONNECT and gives the open socket with the answer's head. */
async function ask(
  port: number,
  target: string,
  lines: readonly string[] = [],
  host = "127.0.0.1",
): Promise<{ socket: Socket; answer: string }> {
  const socket = connect(port, host).on("error", () => undefined);
  socket.write([`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, ...lines, "", ""].join("\r\n"));
  const [chunk] = await once(socket, "data");
  return { socket, answer: String(chunk) };
}

t.test("curl's and Python's calls through HTTPS_PROXY reach the core as the gateway's own", needs("curl", "python3"), async (t) => {
  const { port, cacert, events } = await open(t);
  const env = { ...process.env, HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "" };
  const url = `https://${GATEWAY}/ams/sandbox/api/v1/payments/pay`;
  const python = `
import os, ssl, sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], data=b"hello", context=ssl.create_default_context(cafile=sys.argv[2])).read().decode())`;
  const runs = [
    await runCommand("curl", ["-sS", "--cacert", cacert, "--http1.1", "-d", "hello", url], { env }),
    await runCommand("curl", ["-sS", "--cacert", cacert, "--http2", "-d", "hello", url], { env }),
    await runCommand("python3", ["-c", python, url, cacert], { env }),
  ];
  for (const ran of runs) {
    t.equal(ran.code, 0, ran.stderr);
    const seen: Echo = JSON.parse(ran.stdout.toString());
    t.match(seen, { arrival: { way: "connect", tunnelTo: `${GATEWAY}:443`, serverName: GATEWAY }, body: "hello" });
    t.equal(seen.head.authority, GATEWAY);
  }
  t.same(
    events.map((event) => event.kind === "connect" && event.outcome),
    ["intercepted", "intercepted", "intercepted"],
  );
});

t.test("an intercepting certificate is refused by a client without the CA", needs("curl"), async (t) => {
  const { port } = await open(t);
  const env = { ...process.env, HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "" };
  t.equal((await runCommand("curl", ["-sS", `https://${GATEWAY}/`], { env })).code, 60);
});

t.test("inside an intercepted tunnel plain HTTP works too, sent before or after the answer", async (t) => {
  const { port } = await open(t);
  const inner = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const hello = `CONNECT ${GATEWAY}:80 HTTP/1.1\r\nHost: a\r\n\r\n`;
  for (const pieces of [[hello + inner], [hello, inner]]) {
    const answer = await talk(port, pieces);
    t.match(answer, /^HTTP\/1\.1 200 Connection Established\r\n\r\nHTTP\/1\.1 200 OK/);
    t.match(answer, `"tunnelTo":"${GATEWAY}:80"`);
  }
});

t.test("CONNECT inside TLS works, and a client without SNI gets the tunnel host's certificate", async (t) => {
  const { port, ca } = await open(t);
  const outer = tlsConnect({ port, host: "127.0.0.1", servername: "localhost", ca: ca.certificatePem, ALPNProtocols: ["http/1.1"] }).on(
    "error",
    () => undefined,
  );
  outer.write(`CONNECT ${GATEWAY}:443 HTTP/1.1\r\nHost: a\r\n\r\n`);
  t.match(String((await once(outer, "data"))[0]), /^HTTP\/1\.1 200 /);
  const inner = tlsConnect({ socket: outer, ca: ca.certificatePem, servername: "", checkServerIdentity: () => undefined }).on(
    "error",
    () => undefined,
  );
  await once(inner, "secureConnect");
  t.equal(inner.getPeerX509Certificate()?.subjectAltName, `DNS:${GATEWAY}`);
  inner.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  t.match(String((await once(inner, "data"))[0]), /"way":"connect"/);
  outer.destroy();
});

t.test("HTTP/2 inside an intercepted tunnel joins the same pipeline", async (t) => {
  const { port, ca } = await open(t);
  const { socket } = await ask(port, `${GATEWAY}:443`);
  const secure = tlsConnect({ socket, ca: ca.certificatePem, servername: GATEWAY, ALPNProtocols: ["h2"] }).on("error", () => undefined);
  const session = http2Connect(`https://${GATEWAY}`, { createConnection: () => secure }).on("error", () => undefined);
  const stream = session.request({ ":path": "/x" });
  t.match(String((await once(stream, "data"))[0]), /"way":"connect"/);
  session.destroy();
});

t.test("a tunnel to another host carries every byte unchanged, both ways, and closes half by half", async (t) => {
  const mirror = await startMirror(t);
  const { port, events } = await open(t, { policy: { allowed: ["127.0.0.1"] } });
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7) & 0xff));
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.write(Buffer.concat([Buffer.from(`CONNECT 127.0.0.1:${mirror} HTTP/1.1\r\nHost: a\r\n\r\n`), bytes.subarray(0, 10)]));
  socket.end(bytes.subarray(10));
  await once(socket, "close");
  const all = Buffer.concat(chunks);
  const head = "HTTP/1.1 200 Connection Established\r\n\r\n";
  t.equal(all.subarray(0, head.length).toString(), head);
  t.ok(all.subarray(head.length).equals(bytes), `${all.length - head.length} of ${bytes.length} bytes`);
  t.match(events, [{ kind: "connect", outcome: "tunnelled", target: `127.0.0.1:${mirror}` }]);
});

t.test("a tunnel ends on one side when the other breaks", async (t) => {
  const mirror = await startMirror(t);
  const { port } = await open(t, { policy: { allowed: ["127.0.0.1"] } });
  const { socket, answer } = await ask(port, `127.0.0.1:${mirror}`);
  t.match(answer, /^HTTP\/1\.1 200 /);
  const closed = once(socket, "close");
  socket.resetAndDestroy();
  await closed;
});

t.test("private addresses are refused by what a name resolves to, not by how it looks, and nothing is dialled", async (t) => {
  const mirror = await startMirror(t);
  const asked: string[] = [];
  const resolve = async (host: string): Promise<string[]> => {
    asked.push(host);
    return host === "rebind.example" ? ["1.1.1.1", "127.0.0.1"] : [host];
  };
  const { port, events } = await open(t, { connect: { resolve } });
  for (const host of [
    "127.0.0.1",
    "rebind.example",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
    "10.0.0.1",
    "169.254.169.254",
    "192.168.0.1",
    "[fd00::1]",
  ]) {
    const { answer } = await ask(port, `${host}:${mirror}`);
    t.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*--allow-tunnel/, host);
  }
  t.equal(asked.filter((host) => host === "rebind.example").length, 1, "resolved once");
  t.ok(events.every((event) => event.kind === "connect" && event.outcome === "refused"));
});

t.test("addresses in disguise are refused before anything is resolved", async (t) => {
  const { port } = await open(t, { connect: { resolve: () => Promise.reject(new Error("resolved")) } });
  for (const host of ["0x7f.0.0.1", "0177.0.0.1", "2130706433", "127.1"]) {
    t.match((await ask(port, `${host}:80`)).answer, /^HTTP\/1\.1 400 /, host);
  }
});

t.test("the connection goes to the checked address, whatever the name says a moment later", async (t) => {
  const mirror = await startMirror(t);
  let times = 0;
  const resolve = async (): Promise<string[]> => {
    times += 1;
    return times === 1 ? ["127.0.0.1"] : ["10.0.0.1"];
  };
  const { port } = await open(t, { policy: { allowed: ["moving.example"] }, connect: { resolve } });
  const { socket, answer } = await ask(port, `moving.example:${mirror}`);
  t.match(answer, /^HTTP\/1\.1 200 /);
  socket.destroy();
});

t.test("the proxy's own port is no target, listed or not", async (t) => {
  const bound: { host: string; port: number }[] = [];
  const { port } = await open(t, { policy: { allowed: ["localhost", "127.0.0.1"], isOwn: createOwnAddresses(() => bound) } });
  bound.push({ host: "127.0.0.1", port });
  for (const host of ["localhost", "127.0.0.1"])
    t.match((await ask(port, `${host}:${port}`)).answer, /^HTTP\/1\.1 403 [\s\S]*own address/, host);
});

t.test(
  "from another machine, tunnels need a listing or the password",
  { skip: lan === undefined && "no network interface here" },
  async (t) => {
    const mirror = await startMirror(t);
    const policy = { allowed: ["listed.example"], credentials: "user:pass" };
    const resolve = async (host: string): Promise<string[]> => [host === "listed.example" ? "127.0.0.1" : "10.0.0.1"];
    const { port } = await open(t, { host: "0.0.0.0", policy, connect: { resolve } });
    const password = [`Proxy-Authorization: Basic ${Buffer.from("user:pass").toString("base64")}`];
    const cases = [
      { target: `listed.example:${mirror}`, lines: [], answer: /^HTTP\/1\.1 200 / },
      { target: "other.example:443", lines: [], answer: /^HTTP\/1\.1 407 [\s\S]*\r\nproxy-authenticate: Basic realm=/ },
      { target: "other.example:443", lines: ["Proxy-Authorization: Basic eDp5"], answer: /^HTTP\/1\.1 407 / },
      { target: "other.example:443", lines: password, answer: /^HTTP\/1\.1 403 [\s\S]*private address/ },
      { target: `${GATEWAY}:443`, lines: [], answer: /^HTTP\/1\.1 200 / },
    ];
    for (const { target, lines, answer } of cases) {
      const asked = await ask(port, target, lines, lan);
      t.match(asked.answer, answer, `${target} ${lines}`);
      asked.socket.destroy();
    }
  },
);

t.test("a target that is not there, cannot be resolved or does not answer says so in plain words", async (t) => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const address = closed.address();
  const dead = typeof address === "object" && address !== null ? address.port : 0;
  closed.close();
  const policy = { allowed: ["127.0.0.1", "nowhere.example", "slow.example"] };
  const resolve = (host: string): Promise<string[]> => {
    if (host === "slow.example") return new Promise(() => undefined);
    return host === "nowhere.example" ? Promise.reject(new Error("ENOTFOUND")) : Promise.resolve([host]);
  };
  const { port } = await open(t, { policy, connect: { resolve, dialTimeoutMs: 200 } });
  t.match((await ask(port, `127.0.0.1:${dead}`)).answer, /^HTTP\/1\.1 502 [\s\S]*cannot be reached: connect ECONNREFUSED/);
  t.match((await ask(port, "nowhere.example:443")).answer, /^HTTP\/1\.1 502 [\s\S]*`nowhere\.example` cannot be resolved/);
  t.match((await ask(port, "slow.example:443")).answer, /^HTTP\/1\.1 50[24] /);
});

t.test("a stop leaves open tunnels their grace, and ends them after it", async (t) => {
  const mirror = await startMirror(t);
  const { port, door } = await openDoor({ policy: { intercepted: new Set(), allowed: ["127.0.0.1"] } });
  const { socket } = await ask(port, `127.0.0.1:${mirror}`);
  const closed = once(socket, "close");
  const stopped = door.stop(300);
  socket.write("still");
  t.equal(String((await once(socket, "data"))[0]), "still");
  await stopped;
  await closed;
});

t.test("clients that vanish at any moment of a CONNECT leave nothing behind", async (t) => {
  const mirror = await startMirror(t);
  const { port, door } = await openDoor({ policy: { intercepted: new Set([GATEWAY]), allowed: ["127.0.0.1"] } });
  for (const target of [`127.0.0.1:${mirror}`, `${GATEWAY}:443`, "10.0.0.1:1"]) {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: a\r\n\r\n`, () => socket.resetAndDestroy());
    await once(socket, "close");
  }
  // What is left behind would keep it for an hour.
  await door.stop(3_600_000);
  await t.rejects(once(connect(port, "127.0.0.1"), "connect"), { code: "ECONNREFUSED" });
});
