/** The log's lines, as a machine and as a person read them. */
import t from "tap";
import { createLog, type Log, type LogLevel } from "../../../src/observe/log/log.ts";
import { callRecord, identity, injectedRecord, request } from "../../helpers/call-record.ts";

function logOf(format: "json" | "pretty", level: LogLevel = "info"): { log: Log; lines: () => string[] } {
  const written: string[] = [];
  const log = createLog({ level, format, color: false, destination: { write: (line) => void written.push(line) } });
  return { log, lines: () => written.join("").split("\n").filter(Boolean) };
}

function fields(line: string | undefined): Record<string, unknown> {
  return JSON.parse(line ?? "{}");
}

t.test("a call is one JSON line without body, header or secret", async (t) => {
  const { log, lines } = logOf("json");
  log.observe(injectedRecord({ request: request({ body: Buffer.from('{"cardNo":"4054695723100768"}') }) }));
  t.equal(lines().length, 1);
  const { time, ...rest } = fields(lines()[0]);
  t.match(time, /^\d{4}-\d\d-\d\dT.*Z$/);
  t.strictSame(rest, {
    level: "info",
    id: "call-1",
    operation: "pay",
    outcome: "injected",
    rule: "pay-risk-reject",
    step: 1,
    firing: 1,
    rulesVersion: "v1",
    resultCode: "RISK_REJECT",
    status: 200,
    ms: 12.35,
    deliveryMs: 1.5,
    sentBytes: 81,
    way: "http",
    clientId: "SANDBOX_5X00000000000000",
    msg: "call",
  });
});

t.test("a call reads as one sentence in the pretty format", async (t) => {
  const { log, lines } = logOf("pretty");
  log.observe(injectedRecord());
  t.match(lines()[0], /INFO: pay injected by pay-risk-reject · RISK_REJECT · 200 · 12\.35 ms · http · SANDBOX_5X00000000000000$/);
});

t.test("a delivery that was slow, cut or broken off is told with its bytes and time", async (t) => {
  const { log, lines } = logOf("pretty");
  log.observe(injectedRecord({ delivery: "throttle", sentBytes: 512, deliveryMs: 10_000 }));
  log.observe(injectedRecord({ delivery: "truncate", deliveryEnd: "cut", sentBytes: 5 }));
  log.observe(callRecord({ deliveryEnd: "aborted", sentBytes: undefined }));
  log.observe(injectedRecord({ delivery: "reset", deliveryEnd: "nothing", sentBytes: 0, response: undefined }));
  const expected = [
    / · throttle · 512 bytes sent in 10000 ms$/,
    / · truncate: cut · 5 bytes sent in 1\.5 ms$/,
    / · answer: aborted$/,
    / · reset: nothing$/,
  ];
  for (const [at, pattern] of expected.entries()) t.match(lines()[at], pattern);
});

t.test("a failed call is an error, a refused one and a bad upstream signature are warnings", async (t) => {
  const { log, lines } = logOf("json");
  log.observe(
    callRecord({ outcome: "failed", response: undefined, verdict: undefined, failure: { kind: "refused", detail: "connection refused" } }),
  );
  log.observe(callRecord({ verdict: "invalid" }));
  log.observe(
    callRecord({
      outcome: "refused",
      identity: identity({ operation: undefined, standing: { kind: "refused", reason: "path", message: "not one of Antom's" } }),
      request: request({ path: "/x?token=abc" }),
    }),
  );
  log.observe(callRecord({ outcome: "refused", refusal: "production", identity: identity({ standing: { kind: "production" } }) }));
  log.observe(callRecord({ outcome: "failed", failure: { kind: "cancelled", detail: "the client went away" }, delivery: "client-gone" }));
  t.match(fields(lines()[0]), { level: "error", reason: "refused: connection refused", status: undefined });
  t.match(fields(lines()[1]), { level: "warn", signature: "invalid" });
  t.match(fields(lines()[2]), { level: "warn", reason: "not one of Antom's", path: "/x?token=[redacted]" });
  t.match(fields(lines()[3]), { level: "warn", reason: "production" });
  t.match(fields(lines()[4]), { level: "warn", delivery: "client-gone" });
});

t.test("lines below the level are not written", async (t) => {
  const { log, lines } = logOf("json", "warn");
  log.observe(callRecord());
  log.event({ kind: "stopped" });
  t.strictSame(lines(), []);
});

t.test("rejected rules show their code frame to a person and their place to a machine", async (t) => {
  const problem = {
    file: "rules.yaml",
    line: 3,
    column: 7,
    message: "`RISK_REJET` is no code of `pay`",
    remedy: "write `RISK_REJECT`",
    frame: "3 | result: RISK_REJET\n  |         ^",
  };
  const pretty = logOf("pretty");
  pretty.log.event({ kind: "rules-rejected", problems: [problem] });
  const text = pretty.lines().join("\n");
  t.match(text, /ERROR: rules rejected/);
  t.ok(text.includes("3 | result: RISK_REJET\n") && text.includes("^"), text);
  const json = logOf("json");
  json.log.event({ kind: "rules-rejected", problems: [problem] });
  t.match(fields(json.lines()[0]), { level: "error", event: "rules-rejected", problems: [{ line: 3, column: 7 }] });
});

t.test("every event has its line", async (t) => {
  const { log, lines } = logOf("json");
  log.event({ kind: "listening", listeners: ["http://127.0.0.1:8080"], admin: "http://127.0.0.1:8081", upstream: "https://x" });
  log.event({ kind: "listening", listeners: ["http://127.0.0.1:8080"], admin: undefined, upstream: "https://x" });
  log.event({ kind: "rules-loaded", rules: 2, active: 1, version: "abc" });
  log.event({ kind: "window-started", rule: "r", endsAtMs: 0 });
  log.event({ kind: "window-started", rule: "r", endsAtMs: undefined });
  log.event({ kind: "window-ended", rule: "r" });
  log.event({ kind: "stopping", callsInFlight: 2 });
  log.event({ kind: "stopped" });
  log.event({ kind: "notice", message: "a key was made", fields: { file: "key.pem" } });
  log.event({ kind: "warning", message: "the state file was moved aside" });
  log.event({ kind: "bug", callId: "c", error: new Error("boom") });
  log.event({ kind: "bug", callId: undefined, error: "text" });
  const said = lines().map((line) => fields(line)["msg"]);
  t.strictSame(said, [
    "listening on http://127.0.0.1:8080, admin on http://127.0.0.1:8081, forwarding to https://x",
    "listening on http://127.0.0.1:8080, forwarding to https://x",
    "rules in force: 2, of which 1 active",
    "window of `r` started, until 1970-01-01T00:00:00.000Z",
    "window of `r` started, until switched off",
    "window of `r` ended",
    "stopping, calls in flight: 2",
    "stopped",
    "a key was made",
    "the state file was moved aside",
    "bug in the proxy, please report it",
    "bug in the proxy, please report it",
  ]);
  t.match(fields(lines()[0]), { listeners: ["http://127.0.0.1:8080"], admin: "http://127.0.0.1:8081" });
  t.match(fields(lines()[8]), { event: "notice", file: "key.pem" });
  t.match(fields(lines()[10]), { callId: "c", stack: /Error: boom\n/ });
});
