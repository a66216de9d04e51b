/** From the wire through a core and back, on raw sockets and over HTTP/2: bodies, answers, and what faults do to connections. */
import { once } from "node:events";
import { connect as http2Connect } from "node:http2";
import { connect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import t, { type Test } from "tap";
import type { Delivery } from "../../src/faults/fault.ts";
import type { HttpRequest, HttpResponse } from "../../src/http/message.ts";
import { createRequestHandler, type ExchangeParts } from "../../src/listeners/exchange.ts";
import type { CallRecord, GoneSignal, Standing, StreamResult } from "../../src/ports/ports.ts";
import type { Reply } from "../../src/proxy/transport.ts";
import { GATEWAY, type OpenDoor, openDoor, talk } from "../helpers/open-door.ts";
import { till } from "../helpers/poll.ts";
import { createTestPipeline, firingOf } from "../helpers/test-pipeline.ts";

const ANSWER: HttpResponse = {
  status: 200,
  headers: ["Content-Type", "application/json", "Content-Length", "999", "signature", "x=y", "Set-Cookie", "a", "Set-Cookie", "b"],
  body: Buffer.from('{"ok":true}'),
};

const ANSWERED: StreamResult = { kind: "answered", status: 200 };

interface Setting {
  readonly standing?: Standing;
  readonly reply?: Reply | ((request: HttpRequest, signal: GoneSignal) => Promise<Reply>);
  /** For replies that are made at each call. */
  readonly delivery?: () => Delivery | undefined;
  readonly parts?: Partial<ExchangeParts>;
  readonly onBug?: (error: unknown) => void;
}

interface Opened extends OpenDoor {
  readonly bugs: unknown[];
  readonly records: CallRecord[];
  readonly requests: HttpRequest[];
  /** Calls begun and not over. */
  inFlight(): number;
}

async function open(t: Test, setting: Setting): Promise<Opened> {
  const bugs: unknown[] = [];
  const requests: HttpRequest[] = [];
  const { reply = { response: ANSWER, delivery: undefined } } = setting;
  const deliveryNow = (): Delivery | undefined => (typeof reply === "function" ? setting.delivery?.() : reply.delivery);
  const { pipeline, records, inFlight } = createTestPipeline({
    standing: setting.standing,
    // A delivery is a rule's; it leaves the gateway's answer as it is.
    choose() {
      const delivery = deliveryNow();
      return delivery === undefined ? undefined : firingOf([{ kind: "deliver", delivery }]);
    },
    async answer(request, signal) {
      requests.push(request);
      return (typeof reply === "function" ? await reply(request, signal) : reply).response;
    },
    onBug: setting.onBug ?? ((error) => void bugs.push(error)),
  });
  const stream = async (): Promise<StreamResult> => ANSWERED;
  const halt = new AbortController();
  const onCall = createRequestHandler({ pipeline, stream, maxBodyBytes: 1000, halt: halt.signal, ...setting.parts });
  const opened = await openDoor({ onCall, halt });
  t.teardown(() => opened.door.stop(0));
  return { ...opened, bugs, records, requests, inFlight };
}

const GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

t.test("an answer goes out with its lines as given, and one length that is the body's", async (t) => {
  const { port } = await open(t, {});
  const [head = "", body] = (await talk(port, GET)).split("\r\n\r\n");
  const lines = head.split("\r\n");
  t.same(lines.slice(0, 6), [
    "HTTP/1.1 200 OK",
    "Content-Type: application/json",
    "signature: x=y",
    "Set-Cookie: a",
    "Set-Cookie: b",
    "content-length: 11",
  ]);
  t.equal(lines.filter((line) => /^content-length/i.test(line)).length, 1);
  t.equal(body, '{"ok":true}');
});

t.test("a length that is right already stays where and as it stands", async (t) => {
  const headers = ["Content-Length", "11", "signature", "x=y"];
  const { port } = await open(t, { reply: { response: { ...ANSWER, headers }, delivery: undefined } });
  const [head = ""] = (await talk(port, GET)).split("\r\n\r\n");
  t.same(head.split("\r\n").slice(1, 3), ["Content-Length: 11", "signature: x=y"]);
  t.equal(head.match(/content-length/gi)?.length, 1);
});

t.test("a call is in flight from its head until its answer is over, or its client gone", async (t) => {
  const during: number[] = [];
  const opened: Opened = await open(t, {
    reply: async () => {
      during.push(opened.inFlight());
      return { response: ANSWER, delivery: undefined };
    },
  });
  await talk(opened.port, GET);
  t.same(during, [1]);
  t.equal(opened.inFlight(), 0);
  const reset = await open(t, { reply: { response: undefined, delivery: { kind: "reset" } } });
  await talk(reset.port, GET).catch(() => undefined);
  t.equal(reset.inFlight(), 0);
});

t.test("answers that may have no body announce none", async (t) => {
  for (const status of [204, 304]) {
    const { port } = await open(t, { reply: { response: { status, headers: [], body: Buffer.alloc(0) }, delivery: undefined } });
    t.notMatch(await talk(port, GET), /content-length|transfer-encoding/i, String(status));
  }
});

t.test("the length in an answer to HEAD, and in a 304, is that of the answer to a GET", async (t) => {
  for (const [method, status] of [
    ["HEAD", 200],
    ["GET", 304],
    ["HEAD", 304],
  ] as const) {
    const reply: Reply = { response: { status, headers: ["Content-Length", "123"], body: Buffer.alloc(0) }, delivery: undefined };
    const { port, ca } = await open(t, { reply });
    const text = await talk(port, `${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    t.match(text, /\r\nContent-Length: 123\r\n[\s\S]*\r\n\r\n$/, `${method} ${status}`);
    const session = http2Connect(`https://localhost:${port}`, { ca: ca.certificatePem });
    const stream = session.request({ ":method": method }).resume();
    const [headers] = await once(stream, "response");
    t.match(headers, { ":status": status, "content-length": "123" }, `${method} ${status} over HTTP/2`);
    await once(stream, "close");
    session.close();
  }
});

t.test("the body reaches the core whole, in any framing and chunking", async (t) => {
  const { port, requests } = await open(t, {});
  await talk(port, [
    "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
    "c\r\n1;x=y\r\nd\r\n0\r\n\r\n",
  ]);
  await talk(port, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc");
  await talk(port, GET);
  t.same(
    requests.map(({ body }) => body.toString()),
    ["abcd", "abc", ""],
  );
});

t.test("a body over the limit goes to the stream lane with what has been read", async (t) => {
  const prefixes: number[] = [];
  const { port, requests, records } = await open(t, {
    parts: {
      async stream({ wire, prefix, origin }) {
        t.equal(origin, "https://a.example");
        let bytes = prefix.reduce((sum, chunk) => sum + chunk.length, 0);
        prefixes.push(bytes);
        wire.body.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
        });
        wire.body.resume();
        await once(wire.body, "end");
        wire.respond(200, []);
        wire.out.end(String(bytes));
        return ANSWERED;
      },
    },
  });
  const body = "x".repeat(5000);
  const announced = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n`;
  const chunked = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
  t.match(await talk(port, [announced, body]), "5000");
  t.match(await talk(port, [chunked, `400\r\n${"x".repeat(1024)}\r\n`, `f88\r\n${"x".repeat(3976)}\r\n0\r\n\r\n`]), "5000");
  t.equal(prefixes[0], 0, "a length that says too much is believed");
  t.ok((prefixes[1] ?? 0) > 1000);
  t.equal(requests.length, 0);
  t.match(records, [
    { delivery: "streamed", response: { status: 200 } },
    { delivery: "streamed", response: { status: 200 } },
  ]);
});

t.test(
  "a streamed call that failed is answered with what the core makes of it, its rest read and forgotten; one broken off is not answered twice",
  async (t) => {
    let begun = false;
    const { port } = await open(t, {
      parts: {
        async stream({ wire }) {
          if (begun) {
            wire.respond(200, ["content-length", "99"]);
            wire.out.write("half");
            wire.reset();
          } else wire.body.resume();
          return { kind: "failed", failure: { kind: "refused", detail: "not there" }, begun };
        },
      },
    });
    const large = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n${"x".repeat(5000)}`;
    t.match(await talk(port, large), /^HTTP\/1\.1 502 [\s\S]*signature: ours[\s\S]*\r\n\r\nno gateway$/);
    begun = true;
    t.notMatch(await talk(port, large), "no gateway");
  },
);

t.test("a refused call is answered without its body being waited for", async (t) => {
  const { port } = await open(t, { standing: { kind: "production" } });
  t.match(await talk(port, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhi"), /^HTTP\/1\.1 403 /);
});

t.test("a client that leaves before its body or its answer is there ends the call", async (t) => {
  const gone = new Promise<unknown>((resolve) => {
    void open(t, {
      reply: (_request, signal) =>
        new Promise((done) => {
          signal.addEventListener("abort", () => {
            resolve(signal.aborted);
            done({ response: undefined, delivery: undefined });
          });
        }),
    }).then(({ port }) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(GET, () => setTimeout(() => socket.resetAndDestroy(), 50)));
    });
  });
  t.equal(await gone, true);
  const { port, requests, bugs } = await open(t, {});
  const socket = connect(port, "127.0.0.1", () =>
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhi", () => socket.destroy()),
  );
  await once(socket, "close");
  await talk(port, GET);
  t.same([requests.length, bugs], [1, []], "half a body is never handled");
});

t.test("an answered call is not taken for an abandoned one", async (t) => {
  const signals: GoneSignal[] = [];
  const { port } = await open(t, {
    async reply(_request, signal) {
      signals.push(signal);
      return { response: ANSWER, delivery: undefined };
    },
  });
  await talk(port, GET);
  t.same(
    signals.map(({ aborted }) => aborted),
    [false],
  );
});

t.test("a bug in a call is answered 500, told, and the process lives on", async (t) => {
  const { port, bugs, ca } = await open(t, { reply: () => Promise.reject(new Error("bug")) });
  t.match(await talk(port, GET), /^HTTP\/1\.1 500 /);
  const session = http2Connect(`https://localhost:${port}`, { ca: ca.certificatePem }).on("error", () => undefined);
  const [headers] = await once(session.request({ ":path": "/" }), "response");
  t.equal(headers[":status"], 500);
  session.destroy();
  t.equal(bugs.length, 2);
});

/** What a client of HTTP/1.1 sees of a delivery: all bytes, and how the connection ended. */
async function see(socket: Socket, keepOpenMs: number, lines: string): Promise<{ text: string; end: string }> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n`);
  const timer = keepOpenMs === 0 ? undefined : setTimeout(() => socket.destroy(), keepOpenMs);
  const end = await new Promise<string>((resolve) => {
    socket.on("end", () => resolve("closed"));
    socket.on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    socket.on("close", () => resolve("kept open"));
  });
  clearTimeout(timer);
  socket.destroy();
  return { text: Buffer.concat(chunks).toString(), end };
}

/** The three ways to a raw socket of HTTP/1.1. */
const DIALS: Readonly<Record<string, (door: OpenDoor) => Promise<Socket>>> = {
  "in clear": async ({ port }) => connect(port, "127.0.0.1"),
  "inside TLS": async ({ port, ca }) => tlsConnect({ port, host: "127.0.0.1", servername: "localhost", ca: ca.certificatePem }),
  async "inside TLS inside a tunnel inside TLS"({ port, ca }) {
    const outer = tlsConnect({ port, host: "127.0.0.1", servername: "localhost", ca: ca.certificatePem }).on("error", () => undefined);
    outer.write(`CONNECT ${GATEWAY}:443 HTTP/1.1\r\nHost: a\r\n\r\n`);
    await once(outer, "data");
    return tlsConnect({ socket: outer, servername: GATEWAY, ca: ca.certificatePem });
  },
};

for (const [where, dial] of Object.entries(DIALS)) {
  t.test(`every delivery is what it says on a raw socket, ${where}`, async (t) => {
    const bugs: unknown[] = [];
    const ends: unknown[] = [];
    const at = async (reply: Reply, keepOpenMs = 0): Promise<{ text: string; end: string }> => {
      const opened = await open(t, { reply, onBug: (error) => void bugs.push(error) });
      const seen = await see(await dial(opened), keepOpenMs, reply.delivery?.kind === "throttle" ? "Connection: close\r\n" : "");
      await till(() => opened.records.length === 1);
      ends.push([opened.records[0]?.deliveryEnd, opened.records[0]?.sentBytes]);
      return seen;
    };
    t.same(await at({ response: undefined, delivery: { kind: "reset" } }), { text: "", end: "ECONNRESET" });
    t.same(await at({ response: undefined, delivery: { kind: "empty" } }), { text: "", end: "closed" });
    t.same(await at({ response: undefined, delivery: { kind: "close" } }), { text: "", end: "closed" });
    t.same(await at({ response: undefined, delivery: { kind: "hang" } }, 300), { text: "", end: "kept open" });
    const cut = await at({ response: ANSWER, delivery: { kind: "truncate", afterBytes: 4 } });
    t.match(cut, { text: /content-length: 11[\s\S]*\r\n\r\n\{"ok$/, end: "closed" });
    const half = await at({ response: ANSWER, delivery: { kind: "truncate", afterBytes: undefined } });
    t.match(half.text, /\r\n\r\n\{"ok"$/);
    const startedAtMs = performance.now();
    const slow = await at({
      response: ANSWER,
      delivery: { kind: "throttle", bytesPerSecond: 50 },
    });
    t.match(slow.text, /\{"ok":true\}$/);
    t.ok(performance.now() - startedAtMs >= 150, "11 bytes at 50 a second");
    t.same(bugs, []);
    t.same(ends, [
      ["nothing", 0],
      ["nothing", 0],
      ["nothing", 0],
      ["aborted", 0],
      ["cut", 4],
      ["cut", 5],
      ["whole", 11],
    ]);
  });
}

t.test("over HTTP/2 a delivery concerns its own stream, and the connection serves on", async (t) => {
  let reply: Reply = { response: ANSWER, delivery: undefined };
  const { port, ca } = await open(t, { reply: async () => reply, delivery: () => reply.delivery });
  const session = http2Connect(`https://localhost:${port}`, { ca: ca.certificatePem }).on("error", () => undefined);
  const call = async (next: Reply): Promise<{ status: unknown; headers: unknown; body: string; error: string | undefined }> => {
    reply = next;
    const stream = session.request({ ":path": "/" });
    const chunks: Buffer[] = [];
    let headers: Record<string, unknown> = {};
    let error: string | undefined;
    stream.on("response", (lines) => {
      headers = lines;
    });
    stream
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("error", (failure) => {
        error = failure.message;
      });
    await new Promise((resolve) => stream.on("close", resolve));
    return { status: headers[":status"], headers, body: Buffer.concat(chunks).toString(), error };
  };
  const whole = await call(reply);
  t.match(whole, { status: 200, body: '{"ok":true}', error: undefined });
  t.match(whole.headers, { "content-length": "11", signature: "x=y", "set-cookie": ["a", "b"] });
  t.match((await call({ response: undefined, delivery: { kind: "reset" } })).error, /NGHTTP2_INTERNAL_ERROR/);
  t.equal((await call({ response: undefined, delivery: { kind: "empty" } })).status, undefined);
  t.match((await call({ response: ANSWER, delivery: { kind: "truncate", afterBytes: 4 } })).error, /NGHTTP2_PROTOCOL_ERROR/);
  t.match(await call({ response: ANSWER, delivery: undefined }), { status: 200, body: '{"ok":true}' });
  session.destroy();
});

t.test("a bug is answered 500 also where nobody can be told of it, and the process goes on", async (t) => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  t.teardown(() => process.off("warning", onWarning));
  const { port } = await open(t, {
    reply: async () => {
      throw new Error("a bug in the core");
    },
    onBug: () => {
      throw new Error("no log either");
    },
  });
  t.match(await talk(port, GET), /^HTTP\/1.1 500/);
  t.match(warnings, [{ message: "a bug in the core" }]);
});
