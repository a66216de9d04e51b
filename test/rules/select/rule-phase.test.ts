/** Whether a rule can act now. */
import t from "tap";
import { correlation } from "../../../src/antom/correlation.ts";
import { vocabulary } from "../../../src/app/vocabulary.ts";
import { createLedger } from "../../../src/ledger/memory/embedded-ledger.ts";
import { parseRules } from "../../../src/rules/language/parse.ts";
import { rulePhase } from "../../../src/rules/select/rule-phase.ts";

/** The phases of a rule before it acts and after each of `firings` firings. */
async function phases(fields: string, firings: number): Promise<string[]> {
  const parsed = parseRules([{ file: "f", text: `rules:\n  - { name: a, api: pay, ${fields} }\n` }], vocabulary);
  const [rule] = parsed.kind === "ok" ? parsed.rules.rules : [];
  if (rule === undefined) throw new Error(JSON.stringify(parsed));
  const ledger = createLedger({ correlation, seed: "x" });
  await ledger.retain([rule], 0);
  const seen: string[] = [rulePhase(rule, ledger, 1)];
  for (let n = 0; n < firings; n += 1) {
    ledger.claim(rule, "", 1);
    seen.push(rulePhase(rule, ledger, 1));
  }
  return seen;
}

t.test("a rule is spent after its last firing, by times or by steps", async (t) => {
  t.strictSame(await phases("times: 2, result: RISK_REJECT", 2), ["running", "running", "spent"]);
  t.strictSame(await phases("then: forward, steps: [{ result: RISK_REJECT, times: 2 }]", 2), ["running", "running", "spent"]);
  t.strictSame(await phases("then: repeat, steps: [{ result: RISK_REJECT }]", 2), ["running", "running", "running"]);
  t.strictSame(await phases("result: RISK_REJECT", 1), ["running", "running"]);
});

t.test("a rule that counts per field is never spent: another value may come", async (t) => {
  t.strictSame(await phases("times: 1, per: paymentRequestId, result: RISK_REJECT", 1), ["running", "running"]);
});

t.test("a rule that is switched off is off, and one whose window ended is ended, spent or not", async (t) => {
  t.strictSame(await phases("active: false, times: 1, result: RISK_REJECT", 0), ["off"]);
  const ended = await phases('times: 1, until: "1970-01-01T00:00:00Z", result: RISK_REJECT', 0).catch((error: unknown) => [String(error)]);
  t.strictSame(ended, ["ended"]);
});
