/** Upgrades: carried when they are WebSockets, politely forgotten when they are anything else. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import t, { type Test } from "tap";
import { withoutUpgrade } from "../../src/listeners/connection/without-upgrade.ts";
import { createUpgradeHandler } from "../../src/listeners/upgrade.ts";
import type { Admission } from "../../src/proxy/admit.ts";
import type { CarriedCall, Core } from "../../src/proxy/handle.ts";
import { createDial } from "../../src/upstream/dial.ts";
import { createUpgradeLane } from "../../src/upstream/upgrade.ts";
import { echo, openDoor, talk } from "../helpers/open-door.ts";
import { needs } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";

const IDENTITY = { operation: undefined, clientId: undefined, standing: { kind: "production" } } as const;

interface Opened {
  readonly port: number;
  readonly carried: CarriedCall[];
  /** The heads that the gateway was sent. */
  readonly seen: string[][];
}

/** A door before a gateway that mirrors WebSocket bytes at /ws, and refuses with a chunked body elsewhere. */
async function open(t: Test, refused = false): Promise<Opened> {
  const seen: string[][] = [];
  const carried: CarriedCall[] = [];
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
  const admission: Admission = refused
    ? { kind: "refused", identity: IDENTITY, reason: "production", message: "only sandbox calls pass" }
    : { kind: "stream", identity: IDENTITY, destination: { origin, protocol: "http1" } };
  const core: Core = {
    now: () => ({ wallMs: 0, steadyMs: 0 }),
    admit: () => admission,
    brokeOff: () => t.fail("an upgrade does not break off"),
    admitUnread: (_head, admission) => admission,
    async handle({ admission: judged }) {
      if (judged.kind !== "refused") throw new Error("an upgrade is never read");
      return { response: { status: 403, headers: ["signature", "ours"], body: Buffer.from(judged.message) }, delivery: undefined };
    },
    streamed(call) {
      carried.push(call);
      return undefined;
    },
  };
  const onUpgrade = createUpgradeHandler({
    core,
    lane: createUpgradeLane({ dial: createDial({}), timeoutMs: 1000, maxHeadBytes: 65_536 }),
    onBug: (error) => t.fail(String(error)),
  });
  const { port, door } = await openDoor({ onUpgrade });
  t.teardown(async () => {
    await door.stop(0);
    for (const socket of sockets) socket.destroy();
    gateway.close();
  });
  return { port, carried, seen };
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
  const { port, carried, seen } = await open(t);
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
  t.match(carried, [{ result: { kind: "answered", status: 101 } }]);
  t.match(
    seen[0]?.join("|"),
    /^GET \/ws\|Host\|127\.0\.0\.1:\d+\|Sec-WebSocket-Key\|dGhlIHNhbXBsZQ==\|X-Case\|Kept\|X-Case\|Twice\|Connection\|Upgrade\|Upgrade\|websocket$/,
  );
});

t.test("a gateway that does not change protocol has its answer passed on whole", async (t) => {
  const { port, carried } = await open(t);
  const answer = await talk(port, handshake("/elsewhere"));
  t.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n/);
  t.notMatch(answer, /transfer-encoding/i);
  t.match(answer, /\r\n\r\nrefused$/);
  t.match(carried, [{ result: { kind: "answered", status: 403 } }]);
});

t.test("what the guard refuses is refused here, and the gateway never hears of it", async (t) => {
  const { port, carried, seen } = await open(t, true);
  t.match(await talk(port, handshake("/ws")), /^HTTP\/1\.1 403 [\s\S]*signature: ours[\s\S]*only sandbox calls pass$/);
  t.same([carried, seen], [[], []]);
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
