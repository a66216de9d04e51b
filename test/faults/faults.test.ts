import t from "tap";
import { abortFault } from "../../src/faults/abort.ts";
import { bodyFault } from "../../src/faults/body.ts";
import { delayFault } from "../../src/faults/delay.ts";
import { defineFault, type Effect, type Fault, type FaultContext, type FaultKind } from "../../src/faults/fault.ts";
import { httpFault } from "../../src/faults/http.ts";
import { throttleFault } from "../../src/faults/throttle.ts";
import { headerValue } from "../../src/http/headers.ts";
import type { HttpResponse } from "../../src/http/message.ts";
import { request, response } from "../helpers/call-record.ts";

const SITE = { operations: ["pay"], allowUnknown: false };

function faultOf(kind: FaultKind, value: unknown): Fault {
  const compiled = kind.compile(value, SITE);
  if (compiled.kind === "bad") throw new Error(compiled.mistakes.map((mistake) => mistake.message).join("; "));
  return compiled.value;
}

function complaintOf(kind: FaultKind, value: unknown): string {
  const compiled = kind.compile(value, SITE);
  if (compiled.kind === "ok") return "none";
  return compiled.mistakes.map(({ path, message, remedy }) => `${path.join(".")}: ${message}; ${remedy}`).join(" | ");
}

function context(rolls: readonly number[] = [0]): FaultContext {
  let next = 0;
  const random = (): number => rolls[next++ % rolls.length] ?? 0;
  return { request: request(), nowMs: 0, random };
}

const waitOf = (value: unknown, ...rolls: number[]): number => {
  const [effect] = faultOf(delayFault, value).effects(context(rolls));
  return effect?.kind === "wait" ? effect.ms : Number.NaN;
};

/** What goes out: made and changed, then signed unless its fault says otherwise, then spoilt; the marker's line is there before. */
async function sent(effects: readonly Effect[], upstream?: HttpResponse): Promise<HttpResponse | undefined> {
  let answer = upstream;
  let signed = true;
  for (const effect of effects) {
    if (effect.kind === "make") [answer, signed] = [effect.make(upstream?.headers), effect.signed];
    if (effect.kind === "change" && answer !== undefined) answer = effect.change(answer);
  }
  if (answer === undefined) return undefined;
  const signature = signed ? ["signature", "algorithm=RSA256,keyVersion=1,signature=x"] : [];
  let sealed: HttpResponse = { ...answer, headers: [...answer.headers, "x-fault-rule", "a", ...signature] };
  const tampering = { request: request(), signedContent: sealed.body };
  if (signed) for (const effect of effects) if (effect.kind === "tamper") sealed = await effect.spoil(sealed, tampering);
  return sealed;
}

t.test("delay: a fixed length", async (t) => {
  t.equal(waitOf("2s"), 2000);
  t.match(faultOf(delayFault, "2s"), { summary: "waits 2s", answer: "needs" });
});

t.test("delay: evenly between two lengths", async (t) => {
  t.equal(waitOf({ min: "1s", max: "3s" }, 0), 1000);
  t.equal(waitOf({ min: "1s", max: "3s" }, 0.5), 2000);
  t.ok(waitOf({ min: "1s", max: "3s" }, 0.999_999) <= 3000);
});

t.test("delay: log-normal, half below the median, one in a hundred above p99", async (t) => {
  const { seededRandom } = await import("../../src/rules/select/seeded-random.ts");
  const waits = Array.from({ length: 5000 }, (_, call) =>
    waitOf({ median: "200ms", p99: "2s" }, seededRandom("s", call, 1), seededRandom("s", call, 2)),
  );
  const above = (ms: number): number => waits.filter((wait) => wait > ms).length / waits.length;
  t.ok(Math.abs(above(200) - 0.5) < 0.03, `${above(200)}`);
  t.ok(Math.abs(above(2000) - 0.01) < 0.006, `${above(2000)}`);
  t.ok(waits.every((wait) => wait >= 0 && wait <= 3_600_000));
  t.equal(waitOf({ median: "1s", p99: "1s" }, 0.3, 0.8), 1000);
});

t.test("delay: mistakes", async (t) => {
  t.equal(complaintOf(delayFault, 2), ": `2` has no unit; write `2s` for seconds or `2m` for minutes");
  t.equal(complaintOf(delayFault, { min: "2s", max: "1s" }), "max: `delay.max` is less than `delay.min`; swap them");
  t.equal(complaintOf(delayFault, { median: "2s", p99: "1s" }), "p99: `delay.p99` is less than `delay.median`; swap them");
  t.equal(complaintOf(delayFault, "2h"), ": `2h` is out of bounds; use 1ms to 1h");
  t.match(complaintOf(delayFault, { min: "2s" }), "max: `delay.max` is missing; give it text");
  t.match(complaintOf(delayFault, {}), /`delay.min` is missing/);
});

t.test("abort: each word does its own thing to the connection", async (t) => {
  const delivered = (value: unknown): unknown => faultOf(abortFault, value).effects(context());
  t.same(delivered("reset"), [{ kind: "deliver", delivery: { kind: "reset" } }]);
  t.same(delivered("hang"), [{ kind: "deliver", delivery: { kind: "hang" } }]);
  t.same(delivered("empty"), [{ kind: "deliver", delivery: { kind: "empty" } }]);
  t.same(delivered("close"), [{ kind: "deliver", delivery: { kind: "truncate", afterBytes: 0 } }]);
  t.same(delivered("truncate"), [{ kind: "deliver", delivery: { kind: "truncate", afterBytes: undefined } }]);
  t.same(delivered({ truncate: 7 }), [{ kind: "deliver", delivery: { kind: "truncate", afterBytes: 7 } }]);
});

t.test("abort: what cuts an answer needs one, what gives none does not", async (t) => {
  for (const word of ["reset", "hang", "empty"]) t.equal(faultOf(abortFault, word).answer, "makes", word);
  for (const word of ["close", "truncate"]) t.equal(faultOf(abortFault, word).answer, "needs", word);
  t.same(
    ["reset", "hang", "empty", "close", "truncate", { truncate: 7 }].map((value) => faultOf(abortFault, value).summary),
    [
      "resets the connection",
      "never answers",
      "closes the connection without a byte",
      "closes the connection after the headers",
      "cuts the body in half",
      "cuts the body after 7 bytes",
    ],
  );
});

t.test("abort: mistakes", async (t) => {
  t.match(complaintOf(abortFault, "rest"), /not the text `rest`; did you mean `reset`\?/);
  t.match(complaintOf(abortFault, { truncate: -1 }), /at least 0/);
  t.match(complaintOf(abortFault, { trunkate: 1 }), /unknown key `trunkate`; did you mean `truncate`\?/);
});

t.test("http: a status of its own, unsigned, its marker lines kept", async (t) => {
  const answer = await sent(faultOf(httpFault, 503).effects(context()));
  t.equal(answer?.status, 503);
  t.equal(answer?.body.toString(), "503 Service Unavailable\n");
  t.equal(headerValue(answer?.headers ?? [], "signature"), undefined);
  t.equal(headerValue(answer?.headers ?? [], "x-fault-rule"), "a");
});

t.test("http: headers and a body of its own; a mapping is sent as JSON; signed on demand", async (t) => {
  const value = {
    status: 500,
    headers: { "Retry-After": "3" },
    body: { result: { resultCode: "X" } },
    signed: true,
  };
  const answer = await sent(faultOf(httpFault, value).effects(context()), response());
  t.equal(answer?.body.toString(), '{"result":{"resultCode":"X"}}');
  t.equal(headerValue(answer?.headers ?? [], "retry-after"), "3");
  t.equal(headerValue(answer?.headers ?? [], "content-type"), "application/json; charset=UTF-8");
  t.ok(headerValue(answer?.headers ?? [], "signature"));
  const html = await sent(faultOf(httpFault, { status: 502, headers: { "Content-Type": "text/html" }, body: "<p>" }).effects(context()));
  t.equal(headerValue(html?.headers ?? [], "content-type"), "text/html");
  t.equal((await sent(faultOf(httpFault, { status: 204, body: "x" }).effects(context())))?.body.length, 0);
});

t.test("http: mistakes", async (t) => {
  t.match(complaintOf(httpFault, 99), /200/);
  t.match(complaintOf(httpFault, "503"), /write it without quotes/);
  t.match(complaintOf(httpFault, { status: 503, headers: { "x y": "1" } }), /a header name has letters/);
  t.match(complaintOf(httpFault, { status: 503, headers: { x: "a\r\nset-cookie: b" } }), /a header value is one line of ASCII text/);
  t.match(complaintOf(httpFault, { code: 503 }), /unknown key `code`/);
  const names = "Connection Keep-Alive Proxy-Authenticate Proxy-Authorization Proxy-Connection TE Trailer Transfer-Encoding Upgrade".split(
    " ",
  );
  for (const name of [...names, "Content-Length", "HTTP2-Settings", "transfer-encoding"]) {
    const complaint = complaintOf(httpFault, { status: 200, headers: { [name]: "chunked" } });
    t.match(complaint, `headers.${name}: \`${name}\` belongs to the connection, and the proxy writes it; remove it`, name);
  }
});

t.test("body: malformed JSON is what is there less its end, and signed", async (t) => {
  for (const text of ['{"result":{"resultCode":"SUCCESS"}}', '{"a":1}', "{}", "x", ""]) {
    const answer = await sent(faultOf(bodyFault, "malformed-json").effects(context()), response({ body: Buffer.from(text) }));
    t.throws(() => JSON.parse(answer?.body.toString() ?? ""), text);
    t.ok(text.startsWith(answer?.body.toString() ?? "-"));
    t.ok(headerValue(answer?.headers ?? [], "signature"));
  }
});

t.test("body: a wrong content type leaves the bytes alone", async (t) => {
  const upstream = response();
  const answer = await sent(faultOf(bodyFault, "wrong-content-type").effects(context()), upstream);
  t.same(answer?.body, upstream.body);
  t.same(
    answer?.headers.filter((_, index) => answer.headers[index - 1]?.toLowerCase() === "content-type"),
    ["text/html; charset=GBK"],
  );
});

t.test("body: a page needs no gateway and no signature", async (t) => {
  const fault = faultOf(bodyFault, "html");
  t.equal(fault.answer, "makes");
  const answer = await sent(fault.effects(context()));
  t.match(answer?.body.toString(), /^<!doctype html>/);
  t.equal(headerValue(answer?.headers ?? [], "signature"), undefined);
  t.match(complaintOf(bodyFault, "htm"), /did you mean `html`\?/);
});

t.test("throttle: bytes a second in three units", async (t) => {
  const rate = (value: string): unknown => faultOf(throttleFault, value).effects(context())[0];
  for (const [value, bytesPerSecond] of [
    ["500B/s", 500],
    ["2kB/s", 2000],
    ["1.5 kB/s", 1500],
    ["1MB/s", 1_000_000],
  ] as const) {
    t.same(rate(value), { kind: "deliver", delivery: { kind: "throttle", bytesPerSecond } });
  }
  t.match(complaintOf(throttleFault, 2), /a rate has a unit; write for example `2kB\/s`/);
  t.match(complaintOf(throttleFault, "2kb"), /this is not a valid rate/);
  t.match(complaintOf(throttleFault, "0B/s"), /never ends/);
});

t.test("a no-op fault, as src/faults/README.md writes it", async (t) => {
  const { z } = await import("zod");
  const kind = defineFault({
    key: "nothing",
    schema: z.literal(true),
    compile: () => ({ kind: "ok", value: { kind: "nothing", summary: "does nothing", effects: () => [] } }),
  });
  t.same(faultOf(kind, true).effects(context()), []);
  t.match(complaintOf(kind, false), /`nothing` takes `true`/);
});
