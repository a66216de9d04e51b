/** Upgrades: carried when they are WebSockets, politely forgotten when they are anything else. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import t, { type Test } from "tap";
import { withoutUpgrade } from "../../src/listeners/connection/without-upgrade.ts";
import { createUpgradeHandler } from "../../src/listeners/upgrade.ts";
import type { CallRecord } from "../../src/ports/ports.ts";
import { createDial } from "../../src/upstream/dial.ts";
import { createUpgradeLane } from "../../src/upstream/upgrade.ts";
import { echo, openDoor, talk } from "../helpers/open-door.ts";
import { till } from "../helpers/poll.ts";
import { needs } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";
import { createTestPipeline } from "../helpers/test-pipeline.ts";

interface Opened {
  readonly port: number;
  readonly records: CallRecord[];
  /** The heads that the gateway was sent. */
  readonly seen: string[][];
}

/** A door before a gateway that mirrors WebSocket bytes at /ws, and refuses with a chunked body elsewhere. */
async function open(t: Test, refused = false): Promise<Opened> {
  const seen: string[][] = [];
  const sockets: Socket[] = [];
  const gateway = createServer((_request, response) => {
    response.writeHead(403, { "x-why": "no" });
    response.write("re");
    response.end("fused");
  });
  gateway.on("upgrade", (request, socket, head) => {
    seen.push([`${request.method} ${request.url}`, ...request.rawHeaders]);
    if (request.url !== "/ws") {
      socket.end("HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n7\r\nrefused\r\n0\r\n\r\n");
      return;
    }
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\nhello`,
    );
    socket.write(head);
    socket.pipe(socket);
  });
  gateway.on("connection", (socket) => sockets.push(socket));
  gateway.listen(0, "127.0.0.1");
  await once(gateway, "listening");
  const address = gateway.address();
  const origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const { pipeline, records } = createTestPipeline({
    standing: { kind: "production" },
    allowProduction: !refused,
    origin,
    onBug: (error) => t.fail(String(error)),
  });
  const lane = createUpgradeLane({ dial: createDial({}), timeoutMs: 1000, maxHeadBytes: 65_536 });
  const onUpgrade = createUpgradeHandler({ pipeline, lane });
  const { port, door } = await openDoor({ onUpgrade });
  t.teardown(async () => {
    await door.stop(0);
    for (const socket of sockets) socket.destroy();
    gateway.close();
  });
  return { port, records, seen };
}

function handshake(path: string): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    "Host: open-na.alipay.com",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==",
  ];
  return `${[...lines, "X-Case: Kept", "X-Case: Twice"].join("\r\n")}\r\n\r\n`;
}

t.test("a WebSocket is joined to the gateway's, bytes unchanged both ways, those sent early included", async (t) => {
  const { port, records, seen } = await open(t);
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
  });
  socket.write(`${handshake("/ws")}early`);
  while (!text.endsWith("helloearly")) await once(socket, "data");
  t.match(text, /^HTTP\/1\.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: /);
  socket.write("\x00\xff", "latin1");
  while (!text.endsWith("early\x00\xff")) await once(socket, "data");
  socket.destroy();
  t.match(records, [{ outcome: "forwarded", response: { status: 101 }, deliveryEnd: "open", sentBytes: undefined }]);
  t.match(
    seen[0]?.join("|"),
    /^GET \/ws\|Host\|127\.0\.0\.1:\d+\|Sec-WebSocket-Key\|dGhlIHNhbXBsZQ==\|X-Case\|Kept\|X-Case\|Twice\|Connection\|Upgrade\|Upgrade\|websocket$/,
  );
});

t.test("a gateway that does not change protocol has its answer passed on whole", async (t) => {
  const { port, records } = await open(t);
  const answer = await talk(port, handshake("/elsewhere"));
  t.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n/);
  t.notMatch(answer, /transfer-encoding/i);
  t.match(answer, /\r\n\r\nrefused$/);
  await till(() => records.length > 0);
  t.match(records, [{ outcome: "forwarded", response: { status: 403 }, deliveryEnd: "whole" }]);
});

t.test("what the guard refuses is refused here, and the gateway never hears of it", async (t) => {
  const { port, records, seen } = await open(t, true);
  t.match(await talk(port, handshake("/ws")), /^HTTP\/1\.1 403 [\s\S]*signature: ours[\s\S]*only sandbox calls pass, unless/);
  t.same(seen, []);
  await till(() => records.length > 0);
  t.match(records, [{ outcome: "refused", refusal: "production", response: { status: 403 }, deliveryEnd: "whole" }]);
});

t.test("an upgrade with a body is answered 400 and leaves a record, as does a bug in the lane", async (t) => {
  const { port, records, seen } = await open(t);
  t.match(await talk(port, handshake("/ws").replace("X-Case: Kept", "Content-Length: 2")), /^HTTP\/1\.1 400 [\s\S]*must have no body\n$/);
  await till(() => records.length > 0);
  t.same(seen, []);
  t.match(records, [{ outcome: "refused", refusal: "upgrade-body", response: { status: 400 }, deliveryEnd: "whole", sentBytes: 54 }]);
  const bugs: unknown[] = [];
  const broken = createTestPipeline({ standing: { kind: "production" }, allowProduction: true, onBug: (error) => void bugs.push(error) });
  const lane = async (): Promise<never> => {
    throw new Error("a bug in the lane");
  };
  const { port: other, door } = await openDoor({ onUpgrade: createUpgradeHandler({ pipeline: broken.pipeline, lane }) });
  t.teardown(() => door.stop(0));
  t.equal(await talk(other, handshake("/ws")), "");
  await till(() => broken.records.length > 0);
  t.match(bugs, [{ message: "a bug in the lane" }]);
  t.match(broken.records, [{ outcome: "failed", failure: { kind: "other" }, response: undefined, deliveryEnd: "cut" }]);
});

t.test("an offer of h2c is forgotten, and the call served with its body and its connection kept", needs("curl"), async (t) => {
  const { port } = await open(t);
  const offer = "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
  const first = `POST /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n${offer}Content-Length: 2\r\n\r\nhi`;
  const last = `POST /b HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\n${offer}Transfer-Encoding: chunked\r\n\r\n`;
  const answer = await talk(port, [first, `${last}2\r\nho\r\n`, "0\r\n\r\n"]);
  t.same(
    [...answer.matchAll(/"path":"([^"]+)"[^\n]*?"body":"([^"]*)"/g)].map(([, path, body]) => [path, body]),
    [
      ["/a", "hi"],
      ["/b", "ho"],
    ],
  );
  t.notMatch(answer, /h2c|HTTP2-Settings/i);
  const ran = await runCommand("curl", ["-sS", "--noproxy", "*", "--http2", "-d", "hey", `http://127.0.0.1:${port}/c`]);
  t.match(ran.stdout.toString(), /"body":"hey"/);
});

t.test("a head is written anew with everything but its wish to upgrade", async (t) => {
  const rawHeaders = ["Host", "a", "connection", "Upgrade, X-Hop", "X-Hop", "1", "UPGRADE", "h2c", "x", "é"];
  const bytes = withoutUpgrade({ method: "GET", url: "/a//b", httpVersion: "1.1", rawHeaders });
  t.equal(bytes.toString("latin1"), "GET /a//b HTTP/1.1\r\nHost: a\r\nX-Hop: 1\r\nx: é\r\nConnection: X-Hop\r\n\r\n");
});

t.test("without a handler for upgrades a WebSocket request is a call like any other", async (t) => {
  const { port, door } = await openDoor({ onCall: echo });
  t.teardown(() => door.stop(0));
  const socket = connect(port, "127.0.0.1");
  socket.write(handshake("/ws"));
  t.match(String((await once(socket, "data"))[0]), /^HTTP\/1\.1 200 [\s\S]*"path":"\/ws"/);
  socket.destroy();
});
