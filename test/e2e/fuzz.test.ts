import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import fc from "fast-check";
import t from "tap";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { startProgram } from "../helpers/program.ts";

const FUZZ_MS = 12_000;
const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** One connection's worth of mischief. */
interface Attack {
  readonly way: "plain" | "tls" | "tls-h2" | "connect";
  readonly chunks: readonly Buffer[];
  /** What the client does then: waits for the end, hangs up cleanly, or drops the connection. */
  readonly then: "wait" | "end" | "destroy";
}

const bytes = fc.uint8Array({ maxLength: 600 }).map((array) => Buffer.from(array));
const text = (...parts: readonly string[]): fc.Arbitrary<Buffer> => fc.constantFrom(...parts).map((part) => Buffer.from(part, "latin1"));

/** Pieces of requests, sound and unsound, that are then put together in any order. */
const piece = fc.oneof(
  { weight: 2, arbitrary: bytes },
  text(
    "POST /ams/sandbox/api/v1/payments/pay HTTP/1.1\r\n",
    "GET / HTTP/1.1\r\n",
    "CONNECT open-sea-global.alipay.com:443 HTTP/1.1\r\n",
    "CONNECT :0 HTTP/1.1\r\n",
  ),
  text(
    "CONNECT 127.0.0.1:1 HTTP/1.1\r\n",
    "CONNECT [::1]:70000 HTTP/1.1\r\n",
    "OPTIONS * HTTP/1.1\r\n",
    "POST https://a:b@[::1/x HTTP/1.1\r\n",
    "POST  HTTP/9.9\r\n",
  ),
  text(
    "Host: proxy\r\n",
    "Host: a\r\nHost: b\r\n",
    "Host: \0\r\n",
    "Content-Length: 10\r\n",
    "Content-Length: -1\r\n",
    "Content-Length: 9999999999999\r\n",
    "Transfer-Encoding: chunked\r\n",
  ),
  text(
    "Transfer-Encoding: chunked, identity\r\n",
    "client-id: SANDBOX_A\r\n",
    "client-id: \xff\xfe\r\n",
    "signature: x\r\n",
    "request-time: 1\r\n",
    "Expect: 100-continue\r\n",
    "Expect: 200-ok\r\n",
  ),
  text(
    "Upgrade: websocket\r\nConnection: upgrade\r\n",
    "Connection: client-id, signature\r\n",
    "Content-Type: multipart/form-data; boundary=\r\n",
    "X: folded\r\n line\r\n",
  ),
  text(
    "\r\n",
    "\r\n\r\n",
    "\n\n",
    "5\r\nhello\r\n0\r\n\r\n",
    "ffffffffffffffff\r\n",
    "0\r\nTrailer: x\r\n\r\n",
    '{"paymentRequestId":"x"}',
    "{".repeat(300),
    "\x16\x03\x01\x02\x00\x01\x00",
    "\x80\x2e\x01",
  ),
  // HTTP/2: the preface, then frames whose lengths, types, flags and streams are anybody's guess.
  text(PREFACE, `${PREFACE}\0\0\0\x04\0\0\0\0\0`, "\0\0\x08\x06\0\0\0\0\x0012345678", "\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08"),
  fc.tuple(fc.nat(200), fc.nat(12), fc.nat(255), fc.nat(9), bytes).map(([length, type, flags, stream, payload]) => {
    const head = Buffer.from([0, 0, length, type, flags, 0, 0, 0, stream]);
    return Buffer.concat([head, payload.subarray(0, length)]);
  }),
);

const attack: fc.Arbitrary<Attack> = fc.record({
  way: fc.constantFrom<Attack["way"][]>("plain", "plain", "tls", "tls-h2", "connect"),
  chunks: fc.array(piece, { minLength: 1, maxLength: 8 }),
  then: fc.constantFrom<Attack["then"][]>("wait", "end", "destroy"),
});

const LINGER_MS = 150;

/** Carries one attack out; resolves when the connection is closed, or after a moment. */
function perform({ way, chunks, then }: Attack, port: number): Promise<void> {
  return new Promise((resolve) => {
    const raw = connectTcp(port, "127.0.0.1");
    const sockets: Socket[] = [raw];
    const done = (): void => {
      for (const socket of sockets) socket.destroy();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, LINGER_MS);
    const send = (socket: Socket): void => {
      for (const chunk of way === "tls-h2" ? [Buffer.from(PREFACE), ...chunks] : chunks) socket.write(chunk);
      if (then === "end") socket.end();
      if (then === "destroy") setImmediate(done);
    };
    raw
      .on("error", done)
      .on("close", done)
      .on("data", () => undefined);
    raw.once("connect", () => {
      if (way === "plain") return send(raw);
      if (way === "connect") return raw.write("CONNECT open-sea-global.alipay.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", () => send(raw));
      const socket = connectTls({
        socket: raw,
        rejectUnauthorized: false,
        servername: "localhost",
        ALPNProtocols: [way === "tls-h2" ? "h2" : "http/1.1"],
      });
      sockets.push(socket);
      socket
        .on("error", done)
        .on("data", () => undefined)
        .once("secureConnect", () => send(socket));
      return undefined;
    });
  });
}

t.test("the program lives on, whatever is thrown at its listeners", { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const program = await startProgram({ folder });
  t.teardown(async () => {
    await program.stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const merchant = createMerchant();
  const answers = async (origin: string): Promise<unknown> =>
    (await merchant.call(origin, "pay", payBody({ id: "good" }))).json.result.resultCode;
  t.equal(await answers(program.url), "SUCCESS");
  const port = Number(new URL(program.url).port);
  const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
  t.comment(`seed ${seed} (again: FUZZ_SEED=${seed})`);
  let attacks = 0;
  const property = fc.asyncProperty(fc.array(attack, { minLength: 8, maxLength: 24 }), async (volley) => {
    await Promise.all(volley.map((one) => perform(one, port)));
    attacks += volley.length;
    if (program.child.exitCode !== null || program.child.signalCode !== null) throw new Error(`the program ended: ${program.errors()}`);
    const bug = program.lines().find(({ event }) => event === "bug");
    if (bug !== undefined) throw new Error(JSON.stringify(bug));
  });
  await fc.assert(property, { seed, numRuns: 100_000, interruptAfterTimeLimit: FUZZ_MS, endOnFailure: true });
  t.comment(`${attacks} connections`);
  t.ok(attacks > 100);
  t.equal(await answers(program.url), "SUCCESS", "and still answers a good call");
  t.equal((await fetch(`${program.admin}/healthz`)).status, 200);
  const metrics = await (await fetch(`${program.admin}/metrics`)).text();
  t.match(metrics, /^antom_fault_proxy_calls_in_flight 0$/m, "no call is left behind");
  t.equal(await program.stop(), 0);
});
