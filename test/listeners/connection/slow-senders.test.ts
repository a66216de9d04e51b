/** Clients that drip bytes: every phase has one deadline, in HTTP/1 and in HTTP/2, and no byte begins it anew; and what HTTP/2 takes. */
import { connect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import t, { type Test } from "tap";
import { FRAMES, frame, headersFrame, PREFACE } from "../../helpers/http2-frames.ts";
import { type OpenDoor, openDoor } from "../../helpers/open-door.ts";

const LIMITS = { headTimeoutMs: 400, requestTimeoutMs: 600, idleTimeoutMs: 400 };
const HEAD = { ":method": "POST", ":scheme": "http", ":authority": "a", ":path": "/" };
const PING = frame(FRAMES.ping, 0, 0, "12345678");

async function open(t: Test): Promise<OpenDoor> {
  const opened = await openDoor({ limits: LIMITS });
  t.teardown(() => opened.door.stop(0));
  return opened;
}

/** Sends `first`, then `drip` again and again, until the door ends the connection; gives what it sent. */
function dripAt(port: number, first: Buffer, drip: (count: number) => Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    let count = 0;
    const timer = setInterval(() => {
      count += 1;
      socket.write(drip(count));
    }, 50);
    socket.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(timer);
      resolve(Buffer.concat(chunks).toString("latin1"));
    });
    socket.write(first);
  });
}

t.test("a connection of HTTP/2 that only sends PINGs is closed, before its first call and after one", async (t) => {
  const { port } = await open(t);
  await dripAt(port, PREFACE, () => PING);
  const call = headersFrame(1, { ...HEAD, ":method": "GET" }, 5);
  t.match(await dripAt(port, Buffer.concat([PREFACE, call]), () => PING), '"method":"GET"');
});

t.test("a head of HTTP/2 that drips in is closed", async (t) => {
  const { port } = await open(t);
  const begin = headersFrame(1, HEAD, 0);
  t.notMatch(await dripAt(port, Buffer.concat([PREFACE, begin]), () => frame(FRAMES.continuation, 0, 1, "")), '"method"');
  t.notMatch(await dripAt(port, PREFACE, () => Buffer.from([0])), '"method"');
});

t.test("a body of HTTP/2 that drips in is answered 408, and its connection closed once it idles", async (t) => {
  const { port } = await open(t);
  const begin = Buffer.concat([PREFACE, headersFrame(1, HEAD)]);
  t.match(
    await dripAt(port, begin, (count) => (count < 20 ? frame(FRAMES.data, 0, 1, "x") : PING)),
    "the request did not come whole in time",
  );
});

t.test("empty lines between two requests of HTTP/1 do not keep a connection", async (t) => {
  const { port } = await open(t);
  t.match(await dripAt(port, Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), () => Buffer.from("\r\n")), /^HTTP\/1\.1 200 /);
});

t.test("only the methods that node:http knows are taken, on every way in", async (t) => {
  const { port, events } = await open(t);
  for (const method of ["P`ID`", "pay", "QUERYING"]) {
    const one = dripAt(port, Buffer.concat([PREFACE, headersFrame(1, { ...HEAD, ":method": method }, 5)]), () => PING);
    t.match(await one, "unknown method", `HTTP/2 ${method}`);
    for (const target of ["/", "http://a/"]) {
      t.match(
        await dripAt(port, Buffer.from(`${method} ${target} HTTP/1.1\r\nHost: a\r\n\r\n`), () => Buffer.from("")),
        /^HTTP\/1\.1 400 /,
        target,
      );
    }
  }
  t.ok(events.filter(({ kind }) => kind === "malformed").length >= 9);
});

t.test("a client that offers HTTP/1.0 alone is served", async (t) => {
  const { port, ca } = await open(t);
  const options = { port, host: "127.0.0.1", servername: "localhost", ca: ca.certificatePem, ALPNProtocols: ["http/1.0"] };
  const text = await new Promise<string>((resolve, reject) => {
    let received = "";
    const socket = tlsConnect(options).on("error", reject);
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString();
    });
    socket.on("close", () => resolve(received));
    socket.write("GET / HTTP/1.0\r\n\r\n");
  });
  t.match(text, /^HTTP\/1\.1 200 [\s\S]*"method":"GET"/);
});
