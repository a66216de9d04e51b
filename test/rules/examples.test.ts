import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { vocabulary } from "../../src/app/vocabulary.ts";
import { parseRules } from "../../src/rules/language/parse.ts";
import type { Firing, RuleSet } from "../../src/rules/rule.ts";
import { select } from "../../src/rules/select/select.ts";
import { stepAt } from "../../src/rules/steps.ts";
import { answer, type CallChanges, call, ledgerOf, rulesOf, START_MS } from "../helpers/rules.ts";

const FOLDER = "rules/examples";
const files = readdirSync(FOLDER);

/** One call of a story: the operation, its body, and what becomes of it. */
type Scene = readonly [operation: string, fate: string, changes?: CallChanges];

const R1 = { body: { paymentRequestId: "R1" } };
const byPaymentId = { body: { paymentId: "P1" } };
const amount = (value: string): CallChanges => ({ body: { paymentRequestId: "R1", paymentAmount: { currency: "USD", value } } });
const refundOf = (refundRequestId: string): CallChanges => ({ body: { refundRequestId } });

const STORIES: Readonly<Record<string, readonly Scene[]>> = {
  "authentication-required": [
    ["pay", "answers `AUTHENTICATION_REQUIRED` (F)", { body: { paymentMethod: { paymentMethodType: "CARD" } } }],
    ["pay", "forwarded", { body: { paymentMethod: { paymentMethodType: "GCASH" } } }],
  ],
  "cancel-needs-repeating": [
    ["pay", "called, answers `UNKNOWN_EXCEPTION` (U)", R1],
    ["cancel", "answers `UNKNOWN_EXCEPTION` (U)", byPaymentId],
    ["cancel", "answers `UNKNOWN_EXCEPTION` (U)", R1],
    ["cancel", "forwarded", byPaymentId],
  ],
  "capture-in-process": [["capture", "called, answers `CAPTURE_IN_PROCESS` (U)"]],
  "connection-reset": [],
  "cut-answer": [
    ["pay", "called, cuts the body in half", R1],
    ["pay", "forwarded", R1],
  ],
  "duplicate-request": [
    ["pay", "forwarded", R1],
    ["pay", "answers `REPEAT_REQ_INCONSISTENT` (F)", R1],
    ["pay", "forwarded", { body: { paymentRequestId: "R2" } }],
  ],
  "firewall-page": [["pay", "answers with an HTML page"]],
  "flaky-afternoon": [],
  "gateway-503-burst": [
    ["pay", "answers HTTP 503"],
    ["refund", "answers HTTP 503"],
    ["inquiryPayment", "answers HTTP 503"],
    ["pay", "answers HTTP 503"],
    ["pay", "answers HTTP 503"],
    ["pay", "forwarded"],
  ],
  "in-process-then-fail": [
    ["pay", "answers `PAYMENT_IN_PROCESS` (U)", R1],
    ["inquiryPayment", "answers `SUCCESS` (S) PROCESSING", R1],
    ["inquiryPayment", "answers `SUCCESS` (S) PROCESSING", R1],
    ["inquiryPayment", "answers `SUCCESS` (S) FAIL", R1],
    ["inquiryPayment", "answers `SUCCESS` (S) FAIL", R1],
  ],
  "in-process-then-success": [
    ["pay", "forwarded", R1],
    ["inquiryPayment", "answers `SUCCESS` (S) PROCESSING", R1],
    ["inquiryPayment", "answers `SUCCESS` (S) PROCESSING", byPaymentId],
    ["inquiryPayment", "called", R1],
    ["inquiryPayment", "called", byPaymentId],
  ],
  "insufficient-balance-over-amount": [
    ["pay", "forwarded", amount("10000")],
    ["pay", "answers `USER_BALANCE_NOT_ENOUGH` (F)", amount("10001")],
  ],
  "malformed-answer": [["pay", "called, cuts the JSON's end off"]],
  "order-not-found-at-first": [
    ["inquiryPayment", "answers `ORDER_NOT_EXIST` (F)", R1],
    ["inquiryPayment", "answers `ORDER_NOT_EXIST` (F)", R1],
    ["inquiryPayment", "forwarded", R1],
  ],
  "rate-limited": [],
  "refund-balance-not-enough": [["refund", "answers `MERCHANT_BALANCE_NOT_ENOUGH` (F)"]],
  "refund-in-process": [
    ["refund", "called, answers `REFUND_IN_PROCESS` (U)", refundOf("F1")],
    ["inquiryRefund", "answers `SUCCESS` (S) PROCESSING", refundOf("F1")],
    ["inquiryRefund", "answers `SUCCESS` (S) PROCESSING", refundOf("F1")],
    ["inquiryRefund", "called", refundOf("F1")],
  ],
  "risk-reject": [
    ["pay", "answers `RISK_REJECT` (F)"],
    ["refund", "forwarded"],
  ],
  "shared-proxy": [
    ["pay", "answers `RISK_REJECT` (F)", { clientId: "SANDBOX_5X0000000000ADA0" }],
    ["refund", "forwarded", { clientId: "SANDBOX_5X0000000000ADA0" }],
    ["refund", "answers HTTP 503", { clientId: "SANDBOX_5X0000000000B000" }],
    ["inquiryPayment", "forwarded", { clientId: "SANDBOX_5X0000000000B000" }],
    ["pay", "called", { clientId: "SANDBOX_5X0000000000ADA0", request: { headers: ["X-No-Faults", "1"] } }],
  ],
  "slow-body": [["pay", "called, sends 20 bytes a second"]],
  "slow-gateway": [["refund", "called, waits about 800ms, 1 in 100 over 12s"]],
  "timeout-then-success-on-inquiry": [
    ["pay", "called, never answers", R1],
    ["pay", "forwarded", R1],
    ["inquiryPayment", "forwarded", R1],
  ],
  "unknown-exception-after-money-moved": [
    ["pay", "called, answers `UNKNOWN_EXCEPTION` (U)", R1],
    ["pay", "forwarded", R1],
  ],
  "wrong-signature": [["pay", "called, signs with a key that is not Antom's"]],
};

function textOf(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

function fateOf(firing: Firing | undefined): string {
  if (firing === undefined) return "forwarded";
  const faults = stepAt(firing.rule, firing.ordinal)?.faults ?? [];
  const made = firing.effects.flatMap((effect) =>
    effect.kind === "make" && !firing.callUpstream ? [effect.make(undefined).body.toString()] : [],
  );
  const status = made.map((body) => /"(?:payment|refund)Status":"(\w+)"/.exec(body)?.[1]).find((found) => found !== undefined);
  return (
    [firing.callUpstream ? "called" : "", ...faults.map((fault) => fault.summary)].filter(Boolean).join(", ") +
    (status === undefined ? "" : ` ${status}`)
  );
}

t.test("there are at least fifteen, and each has its story", async (t) => {
  t.ok(files.length >= 15);
  t.same(files.map((file) => file.replace(".yaml", "")).sort(), Object.keys(STORIES).sort());
});

for (const [name, scenes] of Object.entries(STORIES)) {
  t.test(`rules/examples/${name}.yaml tells its story`, async (t) => {
    const rules = rulesOf(textOf(`${name}.yaml`));
    const ledger = await ledgerOf(rules);
    for (const [operation, fate, changes = {}] of scenes) {
      const facts = call({ operation, ...changes });
      const firing = await select(rules, facts, ledger);
      ledger.observeAnswer(facts.request, answer(operation === "pay" ? { paymentId: "P1" } : {}).body);
      t.equal(fateOf(firing), fate, `${operation} ${JSON.stringify(facts.body())}`);
    }
  });
}

async function firings(rules: RuleSet, calls: number, changes: CallChanges): Promise<Record<string, number>> {
  const ledger = await ledgerOf(rules);
  const counts: Record<string, number> = {};
  for (let index = 0; index < calls; index += 1) {
    const fate = fateOf(await select(rules, call(changes), ledger));
    counts[fate] = (counts[fate] ?? 0) + 1;
  }
  return counts;
}

t.test("the examples that play at dice keep to their odds", async (t) => {
  const limited = await firings(rulesOf(textOf("rate-limited.yaml")), 1000, {});
  t.ok(Math.abs((limited["answers `REQUEST_TRAFFIC_EXCEED_LIMIT` (U)"] ?? 0) - 250) < 60, JSON.stringify(limited));
  const reset = await firings(rulesOf(textOf("connection-reset.yaml")), 2000, {});
  t.ok(Math.abs((reset["called, resets the connection"] ?? 0) - 100) < 45, JSON.stringify(reset));
  t.ok(Math.abs((reset["resets the connection"] ?? 0) - 95) < 45, JSON.stringify(reset));
});

t.test("the flaky afternoon is flaky from one to two and at no other time", async (t) => {
  const rules = rulesOf(textOf("flaky-afternoon.yaml"));
  const at = (hour: number): number => Date.UTC(2026, 10, 23, hour, 30);
  t.same(await firings(rules, 200, { nowMs: at(12) }), { forwarded: 200 });
  t.same(await firings(rules, 200, { nowMs: at(14) }), { forwarded: 200 });
  const flaky = await firings(rules, 1000, { nowMs: at(13), operation: "inquiryPayment" });
  t.ok(Math.abs((flaky["closes the connection without a byte"] ?? 0) - 100) < 45, JSON.stringify(flaky));
  t.same(Object.keys(await firings(rules, 500, { nowMs: at(13) })).sort(), ["answers `SYSTEM_ERROR` (F)", "forwarded"]);
  t.ok(START_MS < at(13));
});

t.test("every example names the schema on its first line and says what correct merchant code does", async (t) => {
  for (const file of files) {
    const lines = textOf(file).split("\n");
    t.equal(lines[0], "# yaml-language-server: $schema=../rules.schema.json", file);
    t.match(textOf(file).replaceAll(/\n# /g, " "), /[Cc]orrect merchant code|left alone|ends this|bad afternoon/, file);
    t.ok(Math.max(...lines.map((line) => line.length)) <= 125, file);
  }
});

t.test("all examples can be loaded together: their names do not clash", async (t) => {
  const parsed = parseRules(
    files.map((file) => ({ file, text: textOf(file) })),
    vocabulary,
  );
  t.equal(parsed.kind, "ok", parsed.kind === "bad" ? parsed.problems.map((problem) => problem.message).join("; ") : "");
});

t.test("the shipped rules have nothing active, and each would fire if it were", async (t) => {
  const text = readFileSync("rules/rules.yaml", "utf8");
  t.ok(rulesOf(text).rules.every((rule) => !rule.activation.active));
  const active = rulesOf(text.replaceAll("active: false", "active: true"));
  t.equal(active.rules.length, 4);
  const ledger = await ledgerOf(active);
  t.equal(fateOf(await select(active, call(), ledger)), "answers `RISK_REJECT` (F)");
  const inquiry = call({ operation: "inquiryPayment" });
  const fates: string[] = [];
  for (let count = 0; count < 5; count += 1) fates.push(fateOf(await select(active, inquiry, ledger)));
  t.same(fates, [
    "answers `PAYMENT_IN_PROCESS` (U)",
    "answers `PAYMENT_IN_PROCESS` (U)",
    "called, waits 3s",
    "resets the connection",
    "forwarded",
  ]);
});
