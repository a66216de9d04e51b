/** A client that leaves before its call was sent: nothing is sent for it, and whatever was being opened for it is given up. */
import { once } from "node:events";
import { createSecureServer } from "node:http2";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import t, { type Test } from "tap";
import { createCa } from "../../src/listeners/certificates/ca.ts";
import { issueLeaf } from "../../src/listeners/certificates/leaf.ts";
import { dialProxy, eventually, LANES, OK, originOf, requestOf, startBefore } from "../helpers/upstream-attack.ts";

const { ca } = createCa(["gateway.test"], Date.now());
const leaf = issueLeaf(ca, ["localhost"], Date.now());

interface Gate {
  readonly origin: string;
  readonly sockets: Socket[];
  /** Lets the bytes of every connection through. */
  open(): void;
  /** The requests that the gateway behind it was sent. */
  readonly requests: string[];
}

/** An https gateway behind a gate that accepts connections, and holds their TLS handshake until it is opened. */
async function startGate(t: Test): Promise<Gate> {
  const requests: string[] = [];
  const gateway = createSecureServer({ cert: leaf.certificatePem, key: leaf.keyPem, allowHTTP1: true }, (request, response) => {
    requests.push(request.method);
    response.end("hi");
  });
  await once(gateway.listen(0, "127.0.0.1"), "listening");
  const behind = (gateway.address() as AddressInfo).port;
  const sockets: Socket[] = [];
  const joined: Socket[] = [];
  const gate = createServer((socket) => sockets.push(socket.on("error", () => undefined).pause()));
  await once(gate.listen(0, "127.0.0.1"), "listening");
  t.teardown(() => {
    for (const socket of [...sockets, ...joined]) socket.destroy();
    gate.close();
    gateway.close();
  });
  return {
    origin: `https://localhost:${(gate.address() as AddressInfo).port}`,
    sockets,
    requests,
    open() {
      for (const socket of sockets) {
        const remote = connect(behind, "127.0.0.1").on("error", () => undefined);
        joined.push(remote);
        socket.pipe(remote).pipe(socket);
      }
    },
  };
}

for (const lane of [...LANES, "http2"] as const) {
  t.test(`a client that leaves while the gateway is being dialled: nothing is sent, and the dialling ends (${lane})`, async (t) => {
    const gate = await startGate(t);
    const proxy = await startBefore(t, gate.origin, { upstreamCas: [ca.certificatePem] });
    const text = requestOf(lane === "http2" ? "exchange" : lane).replace(
      "/sandbox/api/v1/payments/pay",
      lane === "http2" ? "/api/v1/meter/uploadEvent" : "$&",
    );
    const { socket } = dialProxy(t, proxy, text);
    t.ok(await eventually(() => gate.sockets.length === 1), "the gateway is being dialled");
    const [dialled] = gate.sockets;
    if (dialled === undefined) return;
    let ended = false;
    dialled.on("close", () => {
      ended = true;
    });
    socket.destroy();
    dialled.resume();
    t.ok(await eventually(() => ended), "the connection is given up");
    gate.open();
    t.ok(await eventually(() => proxy.calls().length === 1), "the call is recorded");
    t.match(proxy.calls(), [{ outcome: "failed", failure: { kind: "cancelled" }, response: undefined, delivery: "client-gone" }]);
    t.same(gate.requests, []);
  });
}

for (const lane of LANES) {
  t.test(
    `a client that closes its sending side before its call was sent counts as gone, and its connection ends (${lane} lane)`,
    async (t) => {
      const gate = await startGate(t);
      const proxy = await startBefore(t, gate.origin, { upstreamCas: [ca.certificatePem] });
      const { socket, closed } = dialProxy(t, proxy, requestOf(lane));
      t.ok(await eventually(() => gate.sockets.length === 1), "the gateway is being dialled");
      socket.end();
      await closed;
      gate.open();
      t.ok(await eventually(() => proxy.calls().length === 1), "the call is recorded");
      t.match(proxy.calls(), [{ failure: { kind: "cancelled" }, response: undefined, delivery: "client-gone" }]);
      t.same(gate.requests, []);
    },
  );
}

t.test("a client that leaves while the gateway answers is recorded as given up, in every lane", async (t) => {
  for (const lane of LANES) {
    const origin = await originOf(t, () => undefined);
    const proxy = await startBefore(t, origin.origin);
    const { socket } = dialProxy(t, proxy, requestOf(lane));
    t.ok(await eventually(() => (origin.received[0] ?? "") !== ""));
    socket.resetAndDestroy();
    t.ok(await eventually(() => origin.sockets[0]?.destroyed === true), `${lane}: the gateway's call ends too`);
    t.ok(await eventually(() => proxy.calls().length === 1));
    t.match(proxy.calls(), [{ outcome: "failed", failure: { kind: "cancelled" }, response: undefined, delivery: "client-gone" }], lane);
  }
});

t.test("a connection opened for one who left serves the next", async (t) => {
  const origin = await originOf(t, () => OK);
  const proxy = await startBefore(t, origin.origin);
  for (let round = 0; round < 20; round += 1) {
    const { socket } = dialProxy(t, proxy, requestOf("exchange"));
    if (round % 2 === 0) setImmediate(() => socket.destroy());
    else await once(socket, "close");
  }
  t.ok(await eventually(() => proxy.calls().length >= 10));
  const { received, closed } = dialProxy(t, proxy, requestOf("exchange"));
  await closed;
  t.match(received(), /^HTTP\/1\.1 200 /);
});
