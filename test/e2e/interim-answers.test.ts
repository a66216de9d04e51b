/** Interim answers (1xx) that nobody asked for, wherever an answer is read. */
import t from "tap";
import { answerTo, eventually, LANES, OK, originOf, requestOf, startBefore } from "../helpers/upstream-attack.ts";

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const INTERIM = `${CONTINUE}HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n`;
const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhi";

for (const lane of LANES) {
  t.test(`interim answers before the final one are skipped (${lane} lane)`, async (t) => {
    const origin = await originOf(t, () => INTERIM + OK);
    const proxy = await startBefore(t, origin.origin);
    for (const round of [1, 2]) {
      const answer = await answerTo(t, proxy, requestOf(lane));
      t.match(answer, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nhi$/, `round ${round}`);
      t.notMatch(answer, "Early Hints");
    }
    if (lane !== "upgrade") t.equal(origin.received.length, 1, "the connection is kept");
  });
}

t.test("an interim answer is skipped however its bytes arrive, and what looks like one inside a body stays", async (t) => {
  const body = `${CONTINUE}HTTP/1.1 100 Continue\r\n\r\n`;
  const text = `${INTERIM}HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const origin = await originOf(t, () => {
    void (async () => {
      for (const byte of text) {
        origin.sockets[0]?.write(byte);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    return undefined;
  });
  origin.sockets.at(0)?.setNoDelay(true);
  const proxy = await startBefore(t, origin.origin);
  const answer = await answerTo(t, proxy, requestOf("exchange"));
  t.ok(answer.endsWith(`\r\n\r\n${body}`), answer);
});

t.test("an interim answer that brings a body, one after the final answer, and endless ones are failures or harm nobody", async (t) => {
  const table: readonly [string, string, RegExp][] = [
    ["a body", `HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\nabc${OK}`, /^HTTP\/1\.1 502 /],
    ["after the final answer", `${OK}${CONTINUE}`, /^HTTP\/1\.1 200 /],
    ["a head without end", `HTTP/1.1 103 Early Hints\r\nlink: ${"a".repeat(200_000)}`, /^HTTP\/1\.1 502 [\s\S]*too-large/],
  ];
  for (const [name, sent, right] of table) {
    const origin = await originOf(t, () => sent);
    const proxy = await startBefore(t, origin.origin);
    t.match(await answerTo(t, proxy, requestOf("exchange")), right, name);
    t.match(await answerTo(t, proxy, requestOf("exchange")), right, `${name}, again`);
  }
});

t.test("a change of protocol that nobody asked for is a failure, told at once", async (t) => {
  for (const lane of ["exchange", "stream"] as const) {
    const origin = await originOf(t, () => SWITCH);
    const proxy = await startBefore(t, origin.origin);
    t.match(await answerTo(t, proxy, requestOf(lane)), /^HTTP\/1\.1 502 /, lane);
    t.ok(await eventually(() => origin.sockets[0]?.destroyed === true), "nothing more is sent there");
  }
});

t.test("a change of protocol that was asked for may follow interim answers", async (t) => {
  const origin = await originOf(t, () => {
    setTimeout(() => origin.sockets[0]?.end(), 20);
    return INTERIM + SWITCH;
  });
  const proxy = await startBefore(t, origin.origin);
  t.match(await answerTo(t, proxy, requestOf("upgrade")), /^HTTP\/1\.1 101 [\s\S]*\r\n\r\nhi$/);
});
