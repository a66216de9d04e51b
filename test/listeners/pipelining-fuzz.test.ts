/** Requests, takeovers, refusals and cuts in one stream of bytes, cut anywhere, and frames of HTTP/2: calls run one after the other, none is left behind, the door serves on. */
import { connect } from "node:net";
import fc from "fast-check";
import t from "tap";
import type { OnCall } from "../../src/listeners/connection/door.ts";
import { FRAMES, frame, headersFrame, PREFACE } from "../helpers/http2-frames.ts";
import { GATEWAY, openDoor, talk } from "../helpers/open-door.ts";
import { till } from "../helpers/poll.ts";

const limits = { headTimeoutMs: 200, requestTimeoutMs: 200, idleTimeoutMs: 200, writeTimeoutMs: 200 };
const HEAD = { ":method": "POST", ":scheme": "http", ":authority": "a", ":path": "/now" };

const request = (path: string): string => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}`;
const piece = fc.constantFrom(
  request("/now"),
  request("/later"),
  request("/reset"),
  `CONNECT ${GATEWAY}:80 HTTP/1.1\r\nHost: a\r\n\r\n`,
  "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
  "GET /now HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
  "GET / HTTP/1.1\r\n\r\n",
  "POST /now HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
  "POST /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
  "\r\n",
  "noise",
);
const frames = fc
  .array(
    fc.oneof(
      fc.constantFrom(1, 3, 5, 7).map((stream) => headersFrame(stream, HEAD)),
      fc.constantFrom(1, 3, 5, 7).map((stream) => headersFrame(stream, { ...HEAD, ":path": "/later" }, 0)),
      fc
        .tuple(fc.nat(10), fc.nat(255), fc.nat(9), fc.uint8Array({ maxLength: 20 }))
        .map(([type, flags, stream, bytes]) => frame(type, flags, stream, Buffer.from(bytes))),
      fc.constantFrom(1, 3, 5, 7).map((stream) => frame(FRAMES.data, 1, stream, "{}")),
      fc.constantFrom(1, 3, 5, 7).map((stream) => frame(FRAMES.reset, 0, stream, Buffer.from([0, 0, 0, 8]))),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat([PREFACE, ...parts]));
const requests = fc.array(piece, { minLength: 1, maxLength: 8 }).map((parts) => Buffer.from(parts.join(""), "latin1"));

t.test("any order of requests, takeovers, refusals, cuts and frames", async (t) => {
  let inFlight = 0;
  const busy = new Map<unknown, number>();
  const trouble: string[] = [];
  const onCall: OnCall = (wire, arrival) => {
    const key = arrival.way === "http2" ? wire : arrival;
    busy.set(key, (busy.get(key) ?? 0) + 1);
    if ((busy.get(key) ?? 0) > 1) trouble.push("two calls of one connection at a time");
    inFlight += 1;
    // Before the door's own listener, which begins the next call.
    wire.out.prependListener("close", () => {
      inFlight -= 1;
      busy.set(key, (busy.get(key) ?? 0) - 1);
    });
    const answer = (): void => {
      if (wire.head.path === "/reset") {
        wire.reset();
        return;
      }
      wire.respond(200, ["content-length", "2"]);
      wire.send(Buffer.from("{}"));
    };
    wire.body.resume();
    if (wire.head.path === "/later") setTimeout(answer, 5);
    else answer();
  };
  const { port, door } = await openDoor({ limits, onCall, onUpgrade: ({ socket }) => socket.destroy() });
  const onBroken = (error: unknown): number => trouble.push(String(error));
  process.on("uncaughtException", onBroken);
  const cuts = fc.array(fc.nat(400), { maxLength: 4 });
  const attack = fc.record({ bytes: fc.oneof(requests, frames), at: cuts, leaves: fc.boolean() });
  const perform = ({ bytes, at, leaves }: { bytes: Buffer; at: readonly number[]; leaves: boolean }): Promise<void> =>
    new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        const edges = [0, ...at.map((edge) => edge % bytes.length).toSorted((a, b) => a - b), bytes.length];
        edges.slice(1).forEach((edge, index) => void socket.write(bytes.subarray(edges[index], edge)));
        if (leaves) setImmediate(() => socket.resetAndDestroy());
        else socket.end();
      });
      socket.on("error", () => undefined).on("close", () => resolve());
      socket.resume();
    });
  const property = fc.asyncProperty(fc.array(attack, { minLength: 1, maxLength: 30 }), async (volley) => {
    await Promise.all(volley.map(perform));
    if (trouble.length > 0) throw new Error(trouble.join("; "));
  });
  await fc.assert(property, { numRuns: 10, interruptAfterTimeLimit: 15_000 });
  process.off("uncaughtException", onBroken);
  await till(() => inFlight === 0);
  t.match(await talk(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 200 /);
  t.same([inFlight, trouble], [0, []]);
  await door.stop(500);
});

t.test("a connection of HTTP/2 that breaks the protocol, its sending side closed, is closed with its call", async (t) => {
  let isClosed = false;
  const onCall: OnCall = (wire) => {
    wire.out.on("close", () => {
      isClosed = true;
    });
    wire.body.resume();
    wire.respond(200, ["content-length", "2"]);
    wire.send(Buffer.from("{}"));
  };
  const { port, door } = await openDoor({ limits, onCall });
  const socket = connect(port, "127.0.0.1", () => {
    // A request whose body is still to come, then DATA on stream 0, which is a connection error (RFC 9113 §6.1).
    socket.end(Buffer.concat([PREFACE, headersFrame(1, HEAD, 4), frame(FRAMES.data, 0, 0, "")]));
  });
  await new Promise<void>((resolve) =>
    socket
      .on("error", () => undefined)
      .on("close", () => resolve())
      .resume(),
  );
  await till(() => isClosed);
  t.equal(isClosed, true);
  await door.stop(500);
});
