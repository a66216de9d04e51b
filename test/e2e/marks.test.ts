/** What the guard judged is what the upstream receives: calls with every mix of marks and paths, thrown at a running proxy by HTTP/1, HTTP/2 and upgrades. */
import { once } from "node:events";
import { connect as http2Connect } from "node:http2";
import fc from "fast-check";
import t, { type Test } from "tap";
import { type Proxy as RunningProxy, startProxy } from "../../src/index.ts";
import { talk } from "../helpers/open-door.ts";
import { rawCall } from "../helpers/raw-http.ts";
import { startRawOrigin } from "../helpers/raw-origin.ts";

const SANDBOX = "SANDBOX_5X00000000000000";
const PRODUCTION = "5X00000000000000";
const keyOf = (kind: string, id: string): string => `Bearer isak_${kind}_${Buffer.from(id).toString("base64")}_0`;
const TEST_KEY = keyOf("TEST", SANDBOX);
const PROD_KEY = keyOf("PROD", PRODUCTION);
const SESSION = "session-of-the-sandbox";
const PAY = "/ams/sandbox/api/v1/payments/pay";
const PRODUCTION_PAY = "/ams/api/v1/payments/pay";
const UPLOAD = "/ams/api/v1/meter/uploadEvent";
const ANSWER_BODY = `{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"},"sessionId":"${SESSION}"}`;
const ANSWER = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${ANSWER_BODY.length}\r\n\r\n${ANSWER_BODY}`;

type Lane = "http1" | "http2" | "upgrade" | "large";

interface Attack {
  readonly lane: Lane;
  readonly path: string;
  /** Name and value of each line. */
  readonly lines: readonly (readonly [string, string])[];
}

const line = (names: readonly string[], values: readonly string[]) => fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values));
const lines = fc.array(
  fc.oneof(
    { arbitrary: line(["client-id", "Client-Id"], [SANDBOX, PRODUCTION, `${SANDBOX},${PRODUCTION}`, ""]), weight: 4 },
    { arbitrary: line(["authorization", "AUTHORIZATION"], [TEST_KEY, PROD_KEY, "Basic YTpi", "Bearer isak_TEST_x_0"]), weight: 4 },
    { arbitrary: line(["X-Session-Id", "x-session-id"], [SESSION, "another"]), weight: 3 },
    { arbitrary: line(["Connection"], ["client-id", "close, Authorization", "x-session-id", "keep-alive"]), weight: 1 },
    { arbitrary: line(["x-original-url", "X-Rewrite-URL", "x-fault"], [PRODUCTION_PAY]), weight: 1 },
    { arbitrary: line(["x-other"], ["1"]), weight: 1 },
  ),
  { maxLength: 4 },
);
const path = fc.oneof(
  {
    arbitrary: fc.constantFrom(PAY, PRODUCTION_PAY, UPLOAD, "/ams/v1/aba/funds/createExchange", "/ams/api/v1/risk/payments/decide"),
    weight: 3,
  },
  fc.constantFrom("/openapi/v2/payments/pay", "/ams/sandbox/api/v1/meter/uploadEvent", `${PAY}?next=/ams/api/../x`),
  fc
    .array(
      fc.constantFrom(
        "/",
        "..",
        ".",
        "%2e",
        "%2f",
        "%3b",
        ";",
        "\\",
        "%EF%BC%8E",
        "%E2%80%A5",
        "%00",
        "ams",
        "sandbox",
        "api",
        "v1",
        "pay",
      ),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((parts) => `/ams/sandbox/api/${parts.join("")}`),
);

function attacks(lanes: readonly Lane[]): fc.Arbitrary<Attack> {
  return fc.record({ lane: fc.constantFrom(...lanes), path, lines });
}

/** One call over its lane; resolves when it has been answered or broken off. */
async function send(url: string, { lane, path: target, lines: given }: Attack): Promise<string> {
  if (lane === "http2") return await sendHttp2(url, target, given);
  const body = lane === "large" ? "x".repeat(2000) : "{}";
  const further = lane === "upgrade" ? "Connection: Upgrade\r\nUpgrade: websocket\r\n" : `content-length: ${body.length}\r\n`;
  const head = given.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const came = await rawCall(url, `POST ${target} HTTP/1.1\r\nhost: x\r\n${further}${head}\r\n${lane === "upgrade" ? "" : body}`);
  return [came.statusLine, ...came.lines].join("\n");
}

async function sendHttp2(url: string, target: string, given: Attack["lines"]): Promise<string> {
  const session = http2Connect(url);
  session.on("error", () => undefined);
  const headers: Record<string, string | string[]> = { ":method": "POST", ":path": target };
  for (const [name, value] of given) headers[name.toLowerCase()] = [headers[name.toLowerCase()] ?? [], value].flat();
  try {
    const stream = session.request(headers);
    stream.on("error", () => undefined).resume();
    const closed = once(stream, "close");
    let status = "";
    stream.on("response", (answer) => {
      status = Object.entries(answer).join("\n");
    });
    stream.end("{}");
    await closed;
    return status;
  } catch {
    // node's client does not send what HTTP/2 forbids.
    return "";
  } finally {
    session.destroy();
  }
}

interface Received {
  readonly path: string;
  readonly lines: readonly (readonly [string, string])[];
}

function read(text: string): Received {
  const [first = "", ...rest] = text.slice(0, text.indexOf("\r\n\r\n")).split("\r\n");
  return {
    path: first.split(" ")[1] ?? "",
    lines: rest.map((one) => [one.slice(0, one.indexOf(":")).toLowerCase(), one.slice(one.indexOf(":") + 1).trim()] as const),
  };
}

const MARKS = ["client-id", "authorization", "x-session-id"];

/** The marks of these lines, in order of name, values in order. */
function marksOf(given: Received["lines"]): string {
  const found = given.map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => MARKS.includes(name));
  return found
    .sort(([one], [other]) => one.localeCompare(other))
    .map((mark) => mark.join(": "))
    .join("\n");
}

/** Which side each mark of a received call is on, judged apart from the guard: "sandbox" or "production". */
function sidesOf({ path: target, lines: given }: Received): Set<string> {
  const pathname = target.replace(/\?.*/s, "");
  const sides = new Set<string>();
  const isPlain = ["/ams/v1/aba/funds/createExchange", "/ams/api/v1/risk/payments/decide", UPLOAD].includes(pathname);
  if (!isPlain) sides.add(/^\/ams\/sandbox\/api\/(?:(?!\.{1,2}(?:\/|$))[\w.-]*(?:\/|$))*$/.test(pathname) ? "sandbox" : "production");
  for (const [name, value] of given) {
    if (name === "client-id") sides.add(/^SANDBOX_\w+$/.test(value) ? "sandbox" : "production");
    if (name === "authorization") sides.add(/^bearer i[sr]ak_TEST_[\w+/=-]+$/i.test(value) ? "sandbox" : "production");
    if (name === "x-session-id" && /uploadEvent$/.test(pathname)) sides.add(value === SESSION ? "sandbox" : "production");
  }
  return sides;
}

interface Opened {
  readonly proxy: RunningProxy;
  /** What the upstream received since last asked. */
  readonly taken: () => Received[];
}

async function open(t: Test, { rules, ...options }: NonNullable<Parameters<typeof startProxy>[0]>): Promise<Opened> {
  const texts: string[] = [];
  const upstream = await startRawOrigin((text) => {
    texts.push(text);
    return ANSWER;
  });
  const proxy = await startProxy({ upstream: upstream.origin, maxBodyBytes: 1000, ...options });
  t.teardown(async () => {
    await proxy.stop();
    await upstream.close();
  });
  await send(proxy.url, { lane: "http1", path: "/ams/sandbox/api/v1/meter/createSession", lines: [["client-id", SANDBOX]] });
  texts.length = 0;
  // Only now: a rule that replaces every answer would leave the session unknown.
  if (rules !== undefined) await proxy.setRules(rules);
  return { proxy, taken: () => texts.splice(0).map(read) };
}

function check(sent: Attack, received: Received): void {
  if (received.path !== sent.path) throw new Error(`sent ${sent.path}, received ${received.path}`);
  if (marksOf(received.lines) !== marksOf(sent.lines)) throw new Error(`received other marks: ${marksOf(received.lines)}`);
  for (const name of MARKS) {
    if (received.lines.filter(([candidate]) => candidate === name).length > 1) throw new Error(`\`${name}\` was received twice`);
  }
}

t.test("only calls whose every mark is the sandbox's reach the upstream, and as they were judged", async (t) => {
  const { proxy, taken } = await open(t, {});
  let carried = 0;
  await fc.assert(
    fc.asyncProperty(attacks(["http1", "http2", "upgrade", "large"]), async (attack) => {
      await send(proxy.url, attack);
      for (const received of taken()) {
        carried += 1;
        check(attack, received);
        const sides = [...sidesOf(received)];
        if (sides.join() !== "sandbox") throw new Error(`the marks say ${sides.join(" and ")}`);
      }
    }),
    { numRuns: 1000 },
  );
  t.ok(carried > 10, `${carried} calls were carried, so the property had something to judge`);
});

t.test(
  "with production allowed, marks still agree in all that is carried, and no rule nor x-fault touches a production call",
  async (t) => {
    const rules = [{ name: "all", api: "*", active: true, upstream: "call", result: { code: "PROCESS_FAIL" } }];
    const { proxy, taken } = await open(t, { allowProduction: true, allowHeaderFaults: true, rules });
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(attacks(["http1", "upgrade"]), async (attack) => {
        const answer = await send(proxy.url, attack);
        for (const received of taken()) {
          check(attack, received);
          const sides = [...sidesOf(received)];
          const side = sides.join();
          seen.set(side, (seen.get(side) ?? 0) + 1);
          if (sides.length > 1) throw new Error(`the marks say ${sides.join(" and ")}`);
          if (received.lines.some(([name]) => name === "x-fault")) throw new Error("x-fault reached the upstream");
          if (side === "production" && /x-fault/i.test(answer)) throw new Error(`a rule touched a production call: ${answer}`);
        }
      }),
      { numRuns: 1000 },
    );
    for (const side of ["sandbox", "production"]) t.ok((seen.get(side) ?? 0) > 5, `${seen.get(side)} calls of ${side} were carried`);
  },
);

t.test("inside an intercepted CONNECT, and at a new region's host, production does not pass either", async (t) => {
  const proxy = await startProxy();
  t.teardown(() => proxy.stop());
  const connectTo = (host: string, inner: string) =>
    talk(Number(new URL(proxy.url).port), `CONNECT ${host}:443 HTTP/1.1\r\nhost: ${host}\r\n\r\n${inner}`);
  const call = (headers: string) => `POST ${PAY} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}content-length: 2\r\n\r\n{}`;
  for (const host of ["open-sea-global.alipay.com", "open.antglobal-us.com", "OPEN.antglobal-us.com."]) {
    for (const headers of [`authorization: ${PROD_KEY}\r\n`, `client-id: ${SANDBOX}\r\nauthorization: ${PROD_KEY}\r\n`]) {
      const came = await connectTo(host, call(headers));
      t.match(came, /^HTTP\/1\.1 200 Connection Established\r\n\r\nHTTP\/1\.1 403/, `${host} ${headers}`);
    }
    t.match(await connectTo(host, call(`authorization: ${TEST_KEY}\r\n`)), /Established\r\n\r\nHTTP\/1\.1 200/, host);
  }
  t.equal(proxy.calls().filter(({ outcome }) => outcome === "refused").length, 6);
  const unknown = await connectTo("open-xx-global.alipay.com", "");
  t.match(unknown, /^HTTP\/1\.1 403.*`open-xx-global\.alipay\.com.*--allow-tunnel/s);
});
