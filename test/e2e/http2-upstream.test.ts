/** The one route that the gateway serves over HTTP/2 only: graceful goodbyes, interim heads and answers cut short. */
import { once } from "node:events";
import { createSecureServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import type { Proxy as RunningProxy } from "../../src/app/start-proxy.ts";
import { createCa } from "../../src/listeners/certificates/ca.ts";
import { issueLeaf } from "../../src/listeners/certificates/leaf.ts";
import { answerTo, requestOf, startBefore } from "../helpers/upstream-attack.ts";

const { ca } = createCa(["gateway.test"], Date.now());
const leaf = issueLeaf(ca, ["localhost"], Date.now());

interface Gateway {
  readonly proxy: RunningProxy;
  sessions(): number;
}

async function startGateway(t: Test, onStream: (stream: ServerHttp2Stream) => void, timeoutMs = 30_000): Promise<Gateway> {
  let sessions = 0;
  const server = createSecureServer({ cert: leaf.certificatePem, key: leaf.keyPem });
  server.on("session", (session) => {
    sessions += 1;
    session.on("error", () => undefined);
    t.teardown(() => session.destroy());
  });
  server.on("stream", (stream) => {
    stream.on("error", () => undefined);
    onStream(stream);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.teardown(() => void server.close());
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const proxy = await startBefore(t, origin, { upstreamCas: [ca.certificatePem], upstreamTimeoutMs: timeoutMs });
  return { proxy, sessions: () => sessions };
}

const UPLOAD = requestOf("exchange").replace("/sandbox/api/v1/payments/pay", "/api/v1/meter/uploadEvent");

t.test("an answer that follows a graceful GOAWAY naming its stream is handed on, and the next call has a new connection", async (t) => {
  const { proxy, sessions } = await startGateway(t, (stream) => {
    stream.session?.goaway(0, stream.id);
    setTimeout(() => {
      stream.respond({ ":status": 200, "content-type": "text/plain" });
      stream.end("after the goodbye");
    }, 30);
  });
  for (const round of [1, 2]) {
    t.match(await answerTo(t, proxy, UPLOAD), /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nafter the goodbye$/, `round ${round}`);
    t.equal(sessions(), round);
  }
});

t.test("interim heads are skipped, and a connection is kept between calls", async (t) => {
  const { proxy, sessions } = await startGateway(t, (stream) => {
    stream.additionalHeaders({ ":status": 100 });
    stream.additionalHeaders({ ":status": 103, link: "</a>" });
    stream.respond({ ":status": 200, "x-a": ["1", "2"] });
    stream.end("hi");
  });
  for (let round = 0; round < 3; round += 1) {
    const answer = await answerTo(t, proxy, UPLOAD);
    t.match(answer, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nhi$/);
    t.notMatch(answer, /link:|:status/i);
  }
  t.equal(sessions(), 1);
});

t.test("dripped interim heads, a stream that is reset and an answer cut short are failures", async (t) => {
  const dripping = await startGateway(
    t,
    (stream) => {
      const timer = setInterval(() => (stream.destroyed ? clearInterval(timer) : stream.additionalHeaders({ ":status": 102 })), 10);
    },
    300,
  );
  t.match(await answerTo(t, dripping.proxy, UPLOAD), /^HTTP\/1\.1 504 [\s\S]*not whole after 300 ms/);
  const reset = await startGateway(t, (stream) => stream.close(2));
  t.match(await answerTo(t, reset.proxy, UPLOAD), /^HTTP\/1\.1 502 /);
  const short = await startGateway(t, (stream) => {
    stream.respond({ ":status": 200, "content-length": "100" });
    stream.write("half");
    setTimeout(() => stream.close(0), 30);
  });
  t.match(await answerTo(t, short.proxy, UPLOAD), /^HTTP\/1\.1 502 /, "a reset without an error does not make it whole");
});

t.test("an answer's head over the limit is a failure", async (t) => {
  const { proxy } = await startGateway(t, (stream) => {
    stream.respond({ ":status": 200, "x-large": "a".repeat(40_000), "x-larger": "a".repeat(40_000) });
    stream.end("hi");
  });
  t.match(await answerTo(t, proxy, UPLOAD), /^HTTP\/1\.1 502 /);
});
