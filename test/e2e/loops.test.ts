/** A proxy whose upstream is itself, or a proxy that leads back to it: refused at the start, or cut at once. */

import { once } from "node:events";
import { createServer } from "node:net";
import { hostname } from "node:os";
import t from "tap";
import { createLoopGuard } from "../../src/app/loops.ts";
import { startProxy } from "../../src/app/start-proxy.ts";
import { createDial } from "../../src/upstream/dial.ts";
import { answerTo, eventually, LANES, OK, originOf, requestOf, startBefore } from "../helpers/upstream-attack.ts";

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

t.test("an upstream that is the proxy's own listener is refused at the start, however it is spelt", async (t) => {
  const spellings = [
    "http://127.0.0.1",
    "https://127.0.0.1",
    "http://localhost",
    "https://localhost",
    "http://0.0.0.0",
    "http://[::ffff:127.0.0.1]",
  ];
  for (const spelling of [...spellings, "http://127.1", "http://[::1]", `http://${hostname()}`]) {
    const port = await freePort();
    const everywhere = spelling.includes("::1]") || spelling.includes(hostname());
    const starting = startProxy({ host: everywhere ? "::" : "127.0.0.1", port, upstream: `${spelling}:${port}` });
    const error = await starting.catch((thrown: unknown) => thrown);
    t.match(error, { problems: [{ message: /is a listener of this proxy itself/ }] }, spelling);
    const again = await startProxy({ port });
    await again.stop();
  }
  const other = await originOf(t, () => OK);
  await startBefore(t, other.origin);
});

t.test("a connection that turns out to lead to the proxy's own listener is not used", async (t) => {
  const origin = await originOf(t, () => OK);
  const dial = createDial({ isOwn: (address, port) => address === "127.0.0.1" && port === origin.port });
  const destination = { origin: `http://localhost:${origin.port}`, protocol: "http1" } as const;
  await t.rejects(dial(destination, new AbortController().signal), { code: "ELOOP", message: /listener of this proxy itself/ });
});

for (const lane of LANES) {
  t.test(`two proxies that name each other carry a call once around, and refuse it then (${lane} lane)`, async (t) => {
    const port = await freePort();
    const first = await startBefore(t, `http://127.0.0.1:${port}`);
    const second = await startBefore(t, first.url, { port });
    const answer = await answerTo(t, first, requestOf(lane));
    t.match(answer, /^HTTP\/1\.1 403 [\s\S]*has been through this proxy before/);
    // A record is written when the delivery has ended, which the client may see first.
    t.ok(await eventually(() => first.calls().length >= 2 && second.calls().length >= 1));
    t.equal(first.calls().length, 2, "the call, and its return");
    t.match(
      first
        .calls()
        .map(({ refusal }) => refusal)
        .filter((reason) => reason !== undefined),
      ["loop"],
    );
    t.equal(second.calls().length, 1);
  });
}

t.test("an upstream at a public address is sent no line of the proxy's own", async (t) => {
  const open = await createLoopGuard("https://93.184.216.34");
  t.equal(open.viaFor("https://93.184.216.34"), undefined);
  const near = await createLoopGuard("http://10.0.0.1:8080");
  t.match(near.viaFor("http://10.0.0.1:8080"), /^1\.1 antom-fault-proxy-[0-9a-f]{16}$/);
  t.equal(near.viaFor("https://open-na.alipay.com"), undefined, "nor is a gateway that a tunnel leads to");
});
