/** What can be taken away from a call: a curl command, an archive, a rule, a view of who called. */
import { execFileSync } from "node:child_process";
import t from "tap";
import { parse } from "yaml";
import { draftRule } from "../../src/admin/actions/draft-rule.ts";
import { arrivalsOf } from "../../src/admin/api/arrivals.ts";
import { curlOf } from "../../src/admin/export/curl.ts";
import { harOf } from "../../src/admin/export/har.ts";
import { vocabulary } from "../../src/app/vocabulary.ts";
import type { CallRecord } from "../../src/ports/ports.ts";
import { parseRules } from "../../src/rules/language/parse.ts";
import { arrival, callRecord, identity, injectedRecord, request } from "../helpers/call-record.ts";
import { needs } from "../helpers/programs.ts";

const entries = (...records: CallRecord[]) => records.map((record, at) => ({ sequence: records.length - at, record }));

t.test("a curl command survives every character that a shell minds", needs("bash"), async (t) => {
  const body = `{"note":"it's $HOME \`id\` \\"!\\" \\\\ ü"}`;
  const command = curlOf(
    callRecord({
      request: request({ method: "PO`id`ST", body: Buffer.from(body), headers: ["client-id", "a'b", "x-empty", "", "Host", "x"] }),
    }),
    "http://h:1",
  );
  const words = execFileSync("bash", ["-c", `curl() { printf '%s\\0' "$@"; }; ${command}`])
    .toString()
    .split("\0")
    .slice(0, -1);
  const url = "http://h:1/ams/sandbox/api/v1/payments/pay";
  const lines = ["-H", "client-id: a'b", "-H", "x-empty;", "--data-raw", body];
  t.strictSame(words, ["-X", "PO`id`ST", "--globoff", "--path-as-is", url, ...lines]);
  t.match(curlOf(callRecord({ request: request({ headers: ["signature", "signature=x"] }) }), "http://h:1"), /^# secrets are redacted/);
});

t.test("an archive tells of answers that never came, of http2 and of queries", async (t) => {
  const gone = callRecord({
    outcome: "failed",
    response: undefined,
    upstreamMs: undefined,
    arrival: arrival({ way: "http2" }),
    request: request({ path: "/p?a=1&%74oken=t&b=x%26y", authority: "user:secret@127.0.0.1:8080" }),
  });
  const har = JSON.parse(JSON.stringify(harOf(entries(gone, injectedRecord()), "1")));
  t.match(har.log.entries, [
    { comment: "injected by pay-risk-reject", _operation: "pay" },
    {
      request: {
        url: "https://[redacted]@127.0.0.1:8080/p?a=1&%74oken=[redacted]&b=x%26y",
        httpVersion: "HTTP/2",
        queryString: [
          { name: "a", value: "1" },
          { name: "token", value: "[redacted]" },
          { name: "b", value: "x&y" },
        ],
      },
      response: { status: 0, content: { size: 0 } },
    },
  ]);
});

t.test("a draft is a rule that loads, with a name of its own, for any call", async (t) => {
  const records = [
    callRecord(),
    injectedRecord(),
    callRecord({ identity: identity({ operation: "meter.createSession", clientId: undefined }) }),
    callRecord({ identity: identity({ operation: undefined }), resultCode: undefined }),
  ];
  for (const record of records) {
    const yaml = draftRule(record, []);
    const parsed = parseRules([{ file: "f", text: `rules:\n  - ${yaml.replaceAll("\n", "\n    ")}` }], vocabulary);
    t.equal(parsed.kind, "ok", `${yaml}${JSON.stringify(parsed)}`);
  }
  t.match(parse(draftRule(injectedRecord(), [])), { name: "pay-risk-reject", result: "RISK_REJECT" });
  const loaded = parseRules([{ file: "f", text: "rules: [{api: pay, result: RISK_REJECT}]" }], vocabulary);
  const taken = loaded.kind === "ok" ? loaded.rules.rules : [];
  t.match(parse(draftRule(injectedRecord(), taken)), { name: "pay-risk-reject-2" });
});

t.test("arrivals are gathered by way, client and program, the latest first, with their trouble once", async (t) => {
  const refused = identity({ operation: undefined, standing: { kind: "refused", reason: "path", message: "a production path" } });
  const list = arrivalsOf(
    entries(
      callRecord({ startedAtMs: 9, identity: refused, outcome: "refused", refusal: "path" }),
      callRecord({ startedAtMs: 8, identity: refused, outcome: "refused", refusal: "path" }),
      callRecord({ startedAtMs: 7, verdict: "invalid" }),
      callRecord({ startedAtMs: 6, resultCode: "INVALID_SIGNATURE" }),
      callRecord({ startedAtMs: 5, outcome: "failed", failure: { kind: "cancelled", detail: "client gone" } }),
      callRecord({ startedAtMs: 4, outcome: "failed", failure: { kind: "tls", detail: "unknown authority" } }),
      callRecord({ startedAtMs: 3, outcome: "refused", refusal: "production", identity: identity({ standing: { kind: "production" } }) }),
      callRecord({
        startedAtMs: 2,
        arrival: arrival({ way: "https" }),
        request: request({ headers: ["User-Agent", "global-open-sdk-php/1"] }),
      }),
    ),
  );
  t.equal(list.length, 2);
  t.match(list[0], {
    way: "http",
    calls: 7,
    lastAtMs: 9,
    operations: ["other", "pay"],
    trouble: [
      "a production path",
      /does not fit/,
      /request's signature is wrong/,
      "the gateway gave no answer: unknown authority",
      "refused: production",
    ],
  });
  t.match(list[1], { way: "https", userAgent: "global-open-sdk-php/1", trouble: [] });
});
