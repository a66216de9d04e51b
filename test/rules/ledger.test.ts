// What holds for every ledger is in helpers/ledger-suite.ts; here is what is the embedded one's own.
import fc from "fast-check";
import t from "tap";
import { correlation } from "../../src/antom/correlation.ts";
import { createLedger } from "../../src/ledger/memory/embedded-ledger.ts";
import { readSavedState } from "../../src/ledger/saved-state.ts";
import { type Claim, phaseOf } from "../../src/rules/ledger.ts";
import { seededRandom } from "../../src/rules/select/seeded-random.ts";
import { answer, call, ledgerOf, ruleOf, rulesOf, START_MS } from "../helpers/rules.ts";

const MINUTE_MS = 60_000;

function outcomes(claims: readonly Claim[]): (number | string)[] {
  return claims.map((claim) => (claim.kind === "granted" ? claim.ordinal : claim.reason));
}

t.test("the phases of a window", async (t) => {
  const window = { startsAtMs: 10, endsAtMs: 20, stoppedAtMs: undefined };
  t.same(
    [9, 10, 19, 20].map((nowMs) => phaseOf(window, nowMs)),
    ["waiting", "running", "running", "ended"],
  );
  t.equal(phaseOf({ ...window, stoppedAtMs: 15 }, 12), "stopped");
  t.equal(phaseOf({ ...window, endsAtMs: undefined }, 1e15), "running");
});

t.test("rolls lie in [0, 1) and neighbours have nothing in common", async (t) => {
  fc.assert(fc.property(fc.string(), fc.nat(), (seed, place) => seededRandom(seed, place) >= 0 && seededRandom(seed, place) < 1));
  const buckets = Array<number>(10).fill(0);
  for (let place = 0; place < 10_000; place += 1) {
    const bucket = Math.floor(seededRandom("seed", place) * 10);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  for (const bucket of buckets) t.ok(bucket > 850 && bucket < 1150, buckets.join(" "));
});

t.test("a sequence ends in its last step, begins again, or is done", async (t) => {
  const { stepAt } = await import("../../src/rules/steps.ts");
  const played = (then: string): (string | undefined)[] => {
    const rule = ruleOf(`steps: [{result: PAYMENT_IN_PROCESS, times: 2}, {abort: reset}, {result: PROCESS_FAIL}]\nthen: ${then}`);
    return Array.from({ length: 7 }, (_, index) => stepAt(rule, index + 1)?.faults[0]?.summary.replace(/.*`(.*)`.*/, "$1"));
  };
  const once = ["PAYMENT_IN_PROCESS", "PAYMENT_IN_PROCESS", "resets the connection", "PROCESS_FAIL"];
  t.same(played("last"), [...once, "PROCESS_FAIL", "PROCESS_FAIL", "PROCESS_FAIL"]);
  t.same(played("repeat"), [...once, ...once.slice(0, 3)]);
  t.same(played("forward"), [...once, undefined, undefined, undefined]);
});

t.test("a call in flight may still claim a rule that has just gone, but not for long", async (t) => {
  const rule = ruleOf("result: RISK_REJECT\ntimes: 2");
  const ledger = createLedger({ correlation, seed: "s" });
  await ledger.retain([rule], START_MS);
  ledger.claim(rule, "", START_MS);
  await ledger.retain([], START_MS + 1);
  t.same(outcomes([ledger.claim(rule, "", START_MS + 2), ledger.claim(rule, "", START_MS + 3)]), [2, "spent"]);
  await ledger.retain([], START_MS + 2 * MINUTE_MS);
  t.same(ledger.claim(rule, "", START_MS + 2 * MINUTE_MS), { kind: "refused", reason: "unknown" });
});

t.test("what is no state of ours does not load", async (t) => {
  for (const text of ["", "{", "[]", "null", '{"version":2}', '{"version":1,"atMs":1,"rules":[{}],"payments":[]}'])
    t.equal(readSavedState(text), undefined, text);
});

t.test("a payment id counts as its payment request id once an answer told it", async (t) => {
  const rules = rulesOf("rules:\n  - {name: a, api: [pay, inquiryPayment], result: UNKNOWN_EXCEPTION, times: 2, per: paymentRequestId}\n");
  const [rule] = rules.rules;
  if (rule === undefined) return;
  const ledger = await ledgerOf(rules);
  t.same(outcomes([ledger.claim(rule, { alias: "paymentId", id: "P9" }, START_MS)]), [1], "unknown payments have tallies of their own");
  t.same(outcomes([ledger.claim(rule, "R1", START_MS)]), [1]);
  ledger.observeAnswer(call({ body: '{ "paymentRequestId" : "R1" }' }).request, answer({ result: {}, paymentId: "P1" }).body);
  ledger.observeAnswer(call({ body: {} }).request, answer({ paymentId: "P2", paymentRequestId: "R2" }).body);
  t.same(outcomes([ledger.claim(rule, { alias: "paymentId", id: "P1" }, START_MS), ledger.claim(rule, "R1", START_MS)]), [2, "spent"]);
  t.same(outcomes([ledger.claim(rule, { alias: "paymentId", id: "P2" }, START_MS), ledger.claim(rule, "R2", START_MS)]), [1, 2]);
});

t.test("an id that no gateway would make is not remembered", async (t) => {
  const ledger = createLedger({ correlation, seed: "s" });
  for (const paymentId of ["", "\u0000", "a\nb", 'a"b', "\u00e4", "x".repeat(129)])
    ledger.observeAnswer(call({ body: { paymentRequestId: "R1" } }).request, answer({ paymentId }).body);
  t.same(ledger.snapshot(START_MS).payments, []);
  ledger.observeAnswer(call({ body: { paymentRequestId: "R1" } }).request, answer({ paymentId: "x".repeat(128) }).body);
  t.equal(ledger.snapshot(START_MS).payments.length, 1);
});

t.test("no answer makes the memory of payments throw", async () => {
  const ledger = createLedger({ correlation, seed: "s" });
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('"paymentId":', '"paymentId":"', '"paymentId":"x')), (body) => {
      ledger.observeAnswer(call({ body }).request, Buffer.from(body));
      return true;
    }),
  );
});

t.test("memory is bounded: the oldest keys are forgotten", async (t) => {
  const rule = ruleOf("result: RISK_REJECT\ntimes: 1\nper: paymentRequestId");
  const ledger = createLedger({ correlation, seed: "s" });
  await ledger.retain([rule], START_MS);
  for (let key = 0; key < 10_050; key += 1) {
    ledger.claim(rule, `R${key}`, START_MS);
    ledger.observeAnswer(call({ body: { paymentRequestId: `R${key}` } }).request, answer({ paymentId: `P${key}` }).body);
  }
  const { rules, payments } = ledger.snapshot(START_MS);
  t.equal(rules[0]?.tallies.length, 10_000);
  t.equal(payments.length, 10_000);
  t.equal(ledger.claim(rule, "R10049", START_MS).kind, "refused");
});
