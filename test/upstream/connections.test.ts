/** The exchange lane's connections: kept, checked, over HTTP/2 where asked for, and through a corporate proxy. */
import { once } from "node:events";
import { createSecureServer } from "node:http2";
import t, { type Test } from "tap";
import type { HttpRequest } from "../../src/http/message.ts";
import { createCa } from "../../src/listeners/certificates/ca.ts";
import { issueLeaf } from "../../src/listeners/certificates/leaf.ts";
import type { Destination, UpstreamResult } from "../../src/ports/ports.ts";
import { createConnections } from "../../src/upstream/connections.ts";
import { createDial, type DialOptions } from "../../src/upstream/dial.ts";
import { createExchange } from "../../src/upstream/exchange.ts";
import { startCorporateProxy, startRawOrigin } from "../helpers/raw-origin.ts";

const REQUEST: HttpRequest = {
  method: "POST",
  target: "/ams//pay",
  path: "/ams//pay",
  authority: undefined,
  headers: ["Content-Type", "a", "Content-Type", "b", "X-Session-Id", "s"],
  body: Buffer.from("{}"),
};

/** One call to `origin` over connections of these options. */
async function call(t: Test, origin: string, options: DialOptions, protocol: Destination["protocol"] = "http1"): Promise<UpstreamResult> {
  const connections = createConnections(createDial(options), 65_536);
  t.teardown(() => connections.close());
  const exchange = createExchange({ connections, timeoutMs: 5000, maxBodyBytes: 1e6 });
  return await exchange.exchange(REQUEST, { origin, protocol }, new AbortController().signal);
}

function outcome(result: UpstreamResult): string {
  return result.kind === "answer"
    ? `${result.response.status} ${result.response.body}`
    : `${result.failure.kind}: ${result.failure.detail}`;
}

/** An https origin that speaks both versions and says which one was used. */
async function startSecureOrigin(t: Test): Promise<{ port: number; ca: string }> {
  const { ca } = createCa(["gateway.test"], Date.now());
  const leaf = issueLeaf(ca, ["localhost", "gateway.test"], Date.now());
  const server = createSecureServer({ cert: leaf.certificatePem, key: leaf.keyPem, allowHTTP1: true }, (request, response) => {
    response.setHeader("content-type", "text/plain");
    response.end(`${request.httpVersion} ${request.headers["x-session-id"]} ${request.url}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, ca: ca.certificatePem };
}

t.test("calls are HTTP/1.1 unless HTTP/2 is asked for, where the origin chooses", async (t) => {
  const { port, ca } = await startSecureOrigin(t);
  const origin = `https://localhost:${port}`;
  t.equal(outcome(await call(t, origin, { extraCa: [ca] })), "200 1.1 s /ams//pay");
  t.equal(outcome(await call(t, origin, { extraCa: [ca] }, "http2")), "200 2.0 s /ams//pay");
});

t.test("the origin's certificate is always checked", async (t) => {
  const { port } = await startSecureOrigin(t);
  t.match(outcome(await call(t, `https://localhost:${port}`, {})), /^tls: /);
  t.match(outcome(await call(t, `https://localhost:${port}`, {}, "http2")), /^tls: /);
});

t.test("a corporate proxy is tunnelled through, in clear, with TLS and with HTTP/2, header lines untouched", async (t) => {
  const { port, ca } = await startSecureOrigin(t);
  const plain = await startRawOrigin(() => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  const corporate = await startCorporateProxy();
  t.teardown(() => Promise.all([plain.close(), corporate.close()]));
  const options = { extraCa: [ca], proxyFor: () => new URL(corporate.url.replace("//", "//user:pass@")) };
  t.equal(outcome(await call(t, `https://gateway.test:${port}`, options)), "200 1.1 s /ams//pay");
  t.equal(outcome(await call(t, `https://gateway.test:${port}`, options, "http2")), "200 2.0 s /ams//pay");
  t.match(outcome(await call(t, `https://other.test:${port}`, options)), /^tls: /, "the certificate is the origin's, not the proxy's");
  t.equal(outcome(await call(t, `http://plain.test:${plain.port}`, options)), "200 hi");
  t.match(plain.received[0], /^POST \/ams\/\/pay HTTP\/1\.1\r\n[\s\S]*Content-Type: a\r\nContent-Type: b\r\nX-Session-Id: s\r\n/);
  t.same(
    corporate.asked.map(({ target }) => target),
    [`gateway.test:${port}`, `gateway.test:${port}`, `other.test:${port}`, `plain.test:${plain.port}`],
  );
  t.equal(corporate.asked[0]?.authorization, "Basic dXNlcjpwYXNz");
});

t.test("a proxy that refuses, or is not there, is named in the failure", async (t) => {
  const refusing = await startCorporateProxy(407);
  const gone = await startCorporateProxy();
  await gone.close();
  t.teardown(() => refusing.close());
  const by = (url: string) => call(t, "https://gateway.test", { proxyFor: () => new URL(url) });
  t.match(outcome(await by(refusing.url)), /^refused: the proxy 127\.0\.0\.1:\d+ refused a tunnel to gateway\.test:443: 407/);
  t.match(outcome(await by(gone.url)), /^refused: .*ECONNREFUSED/);
});

t.test("interim answers of a corporate proxy are skipped", async (t) => {
  const interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n";
  const proxy = await startRawOrigin((text) =>
    text.startsWith("CONNECT") ? `${interim}HTTP/1.1 200 OK\r\n\r\n` : `${interim}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi`,
  );
  t.teardown(() => proxy.close());
  t.equal(outcome(await call(t, "http://plain.test", { proxyFor: () => new URL(proxy.origin) })), "200 hi");
});

t.test("one deadline holds for the corporate proxy, its tunnel and the TLS inside, and a client that leaves ends each", async (t) => {
  const silent = await startRawOrigin(() => undefined);
  const tunnelOnly = await startRawOrigin((text) => (text.startsWith("CONNECT") ? "HTTP/1.1 200 OK\r\n\r\n" : undefined));
  t.teardown(() => Promise.all([silent.close(), tunnelOnly.close()]));
  for (const proxy of [silent, tunnelOnly]) {
    const options = { connectTimeoutMs: 200, proxyFor: () => new URL(proxy.origin) };
    t.equal(outcome(await call(t, "https://gateway.test", options)), "timeout: no connection to the gateway within 200 ms");
    const gone = new AbortController();
    const connections = createConnections(createDial({ ...options, connectTimeoutMs: 60_000 }), 65_536);
    const exchange = createExchange({ connections, timeoutMs: 60_000, maxBodyBytes: 1e6 });
    const calling = exchange.exchange(REQUEST, { origin: "https://gateway.test", protocol: "http1" }, gone.signal);
    while (proxy.sockets.length < 2 || proxy.received[1] === "") await new Promise((resolve) => setTimeout(resolve, 5));
    gone.abort();
    t.match(outcome(await calling), /^cancelled: /);
    while (proxy.sockets[1]?.destroyed === false) await new Promise((resolve) => setTimeout(resolve, 5));
    await connections.close();
  }
});

t.test("a kept connection that the gateway has closed is replaced before anything is sent on it", async (t) => {
  const origin = await startRawOrigin(() => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  t.teardown(() => origin.close());
  const connections = createConnections(createDial({}), 65_536);
  t.teardown(() => connections.close());
  const exchange = createExchange({ connections, timeoutMs: 5000, maxBodyBytes: 1e6 });
  const callOnce = () => exchange.exchange(REQUEST, { origin: origin.origin, protocol: "http1" }, new AbortController().signal);
  for (let round = 1; round <= 5; round += 1) {
    t.equal(outcome(await callOnce()), "200 hi", `round ${round}`);
    origin.sockets.at(-1)?.end();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  t.equal(origin.received.join("").split("POST ").length - 1, 5, "each call is sent once");
});
