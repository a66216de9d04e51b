/** Whatever bytes come, the door answers or closes, and serves the next client. A failure prints the seed that repeats it. */
import { connect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import fc from "fast-check";
import t, { type Test } from "tap";
import { echo, GATEWAY, type OpenDoor, openDoor, talk } from "../helpers/open-door.ts";

const SOUND = [
  "POST /ams/sandbox/api/v1/payments/pay HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
  `CONNECT ${GATEWAY}:443 HTTP/1.1\r\nHost: a\r\n\r\n\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00`,
  `CONNECT ${GATEWAY}:80 HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`,
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
  "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
  "GET http://a.example/ HTTP/1.1\r\nHost: b\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
];

/** A sound beginning with bytes replaced, taken out and put in, or plain noise. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((noise) => Buffer.from(noise)),
  fc
    .record({
      base: fc.constantFrom(...SOUND),
      edits: fc.array(fc.record({ at: fc.nat(400), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }), { maxLength: 6 }),
    })
    .map(({ base, edits }) =>
      edits.reduce(
        (buffer, { at, remove, insert }) => {
          const start = at % (buffer.length + 1);
          return Buffer.concat([buffer.subarray(0, start), Buffer.from(insert), buffer.subarray(start + remove)]);
        },
        Buffer.from(base, "latin1"),
      ),
    ),
);

/** Sends the pieces and breaks off, or lets the door end it. */
function throwAt(socket: ReturnType<typeof connect>, pieces: readonly Buffer[], breakOff: boolean): Promise<void> {
  return new Promise((resolve) => {
    socket.on("error", () => undefined).once("close", () => resolve());
    socket.resume();
    for (const piece of pieces) socket.write(piece);
    if (breakOff) setImmediate(() => socket.destroy());
    else socket.end();
  });
}

async function survives(t: Test, door: OpenDoor, dial: () => ReturnType<typeof connect>): Promise<void> {
  const broken: unknown[] = [];
  const onBroken = (error: unknown): number => broken.push(error);
  process.on("uncaughtException", onBroken);
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 3 }), fc.boolean(), async (pieces, breakOff) => {
      await throwAt(dial(), pieces, breakOff);
      if (broken.length > 0) throw broken[0];
    }),
    { numRuns: 300 },
  );
  process.off("uncaughtException", onBroken);
  t.match(await talk(door.port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 200 /);
  await door.door.stop(500);
}

const limits = { headTimeoutMs: 300, requestTimeoutMs: 300, idleTimeoutMs: 300 };

t.test("any bytes on the bare connection", async (t) => {
  const door = await openDoor({ limits, onCall: echo });
  await survives(t, door, () => connect(door.port, "127.0.0.1"));
});

t.test("any bytes inside TLS, for HTTP/1 and HTTP/2", async (t) => {
  const door = await openDoor({ limits, onCall: echo });
  let turn = 0;
  await survives(t, door, () => {
    turn += 1;
    const ALPNProtocols = [turn % 2 === 0 ? "h2" : "http/1.1"];
    return tlsConnect({ port: door.port, host: "127.0.0.1", servername: "localhost", ca: door.ca.certificatePem, ALPNProtocols });
  });
});
