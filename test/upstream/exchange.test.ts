import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import t, { type Test } from "tap";
import type { Destination } from "../../src/ports/ports.ts";
import { createConnections } from "../../src/upstream/connections.ts";
import { createDial } from "../../src/upstream/dial.ts";
import { createExchange, type ExchangeOptions } from "../../src/upstream/exchange.ts";
import { request } from "../helpers/call-record.ts";
import { till } from "../helpers/poll.ts";

const never = new AbortController().signal;

function at(origin: string): Destination {
  return { origin, protocol: "http1" };
}

function lane(t: Test, changes: Partial<ExchangeOptions> = {}) {
  const connections = createConnections(createDial({}), 65_536);
  t.teardown(() => connections.close());
  return createExchange({ connections, timeoutMs: 2000, maxBodyBytes: 100_000, ...changes });
}

async function serve(t: Test, server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A raw server that keeps what it is sent and answers every request with `answer`; `closed` resolves with its first connection's end. */
async function serveRaw(t: Test, answer: string): Promise<{ origin: string; received: () => string; closed: Promise<unknown> }> {
  let received = "";
  let close = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", close);
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      if (received.endsWith("}")) socket.write(answer, "latin1");
    });
  });
  t.teardown(() => sockets.forEach((socket) => void socket.destroy()));
  return { origin: await serve(t, server), received: () => received, closed };
}

t.test("method, target, header lines and body arrive as the client wrote them", async (t) => {
  const { origin, received } = await serveRaw(t, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
  const headers = ["Host", "proxy:8080", "Client-Id", "SANDBOX_A", "signature", "s", "X-Twice", "1", "x-twice", "2", "Content-Length", "7"];
  const hop = ["Connection", "keep-alive, X-Hop", "X-Hop", "secret", "Expect", "100-continue"];
  const path = "/ams/sandbox/api//v1/a?b=%2f&c=\u00e9";
  const result = await lane(t).exchange(request({ headers: [...headers, ...hop], path, body: Buffer.from('{"a":1}') }), at(origin), never);
  t.match(result, { kind: "answer" });
  const [head = "", body] = received().split("\r\n\r\n");
  const lines = head.split("\r\n");
  t.equal(lines[0], `POST ${path} HTTP/1.1`);
  t.equal(body, '{"a":1}');
  const kept = lines.filter((line) => /^(client-id|signature|x-twice)/i.test(line));
  t.same(kept, ["Client-Id: SANDBOX_A", "signature: s", "X-Twice: 1", "x-twice: 2"]);
  t.ok(lines.includes(`host: ${origin.slice(7)}`), "the Host line names the origin");
  t.equal(lines.filter((line) => /^content-length/i.test(line)).length, 1);
  t.notOk(/x-hop|secret|expect/i.test(head), "what belongs to the client's connection stays there");
});

t.test("an answer's lines come back raw, without those of its connection; a chunked body comes whole", async (t) => {
  const head =
    "HTTP/1.1 201 Made\r\nX-Case: \u00e9\r\nset-cookie: a\r\nSet-Cookie: b\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n";
  const { origin } = await serveRaw(t, `${head}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`);
  const result = await lane(t).exchange(request(), at(origin), never);
  t.same(result, {
    kind: "answer",
    response: { status: 201, headers: ["X-Case", "\u00e9", "set-cookie", "a", "Set-Cookie", "b"], body: Buffer.from("abcde") },
  });
});

t.test("connections are kept between calls", async (t) => {
  let connections = 0;
  const server = createServer((_, response) => response.end("ok")).on("connection", () => (connections += 1));
  const origin = await serve(t, server);
  const { exchange } = lane(t);
  for (let call = 0; call < 20; call += 1) t.match(await exchange(request(), at(origin), never), { kind: "answer" });
  // undici may open a second one while the first is being freed.
  t.ok(connections <= 2, `${connections} connections for 20 calls`);
});

t.test("an answer that is cut, damaged, late or too large is a failure of its kind", async (t) => {
  const table: readonly [string, string, string][] = [
    ["no HTTP at all", "nonsense\r\n\r\n", "other"],
    ["too large", `HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n${"x".repeat(200_000)}`, "too-large"],
    ["silent", "", "timeout"],
    ["silent inside the body", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab", "timeout"],
  ];
  for (const [name, answer, kind] of table) {
    const { origin } = await serveRaw(t, answer);
    const result = await lane(t, { timeoutMs: 100 }).exchange(request(), at(origin), never);
    t.match(result, { kind: "failure", failure: { kind } }, name);
  }
});

t.test("an answer that drips without end is given up after the time limit", async (t) => {
  const server = createServer((_, response) => {
    const dripping = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(dripping));
  });
  const origin = await serve(t, server);
  const result = await lane(t, { timeoutMs: 200 }).exchange(request(), at(origin), never);
  t.match(result, { kind: "failure", failure: { kind: "timeout", detail: /not whole after 200 ms/ } });
});

t.test("a gateway that is gone or hangs up is a failure, never a throw", async (t) => {
  const origin = await serve(
    t,
    createTcpServer((socket) => socket.destroy()),
  );
  t.match(await lane(t).exchange(request(), at(origin), never), { kind: "failure", failure: { kind: "reset" } });
  t.match(await lane(t).exchange(request(), at("http://127.0.0.1:1"), never), { kind: "failure", failure: { kind: "refused" } });
  t.match(await lane(t).exchange(request({ path: "no-slash" }), at(origin), never), { kind: "failure", failure: { kind: "other" } });
});

t.test("when the client goes away the call upstream is given up", async (t) => {
  const { origin, received, closed } = await serveRaw(t, "");
  const gone = new AbortController();
  // Longer than this test may take: what ends the call is the client.
  const { exchange } = lane(t, { timeoutMs: 3_600_000 });
  const waiting = exchange(request(), at(origin), gone.signal);
  await till(() => received() !== "");
  gone.abort();
  t.match(await waiting, { kind: "failure", failure: { kind: "cancelled" } });
  await closed;
  const sent = received();
  t.match(await exchange(request(), at(origin), gone.signal), { kind: "failure", failure: { kind: "cancelled" } }, "nor is it begun");
  t.equal(received(), sent);
});
