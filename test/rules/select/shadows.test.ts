/** A rule that cannot act because of one before it is told. */
import t from "tap";
import { correlation } from "../../../src/antom/correlation.ts";
import { vocabulary } from "../../../src/app/vocabulary.ts";
import { createLedger } from "../../../src/ledger/memory/embedded-ledger.ts";
import { parseRules } from "../../../src/rules/language/parse.ts";
import { shadowsOf } from "../../../src/rules/select/shadows.ts";

async function shadowed(yaml: string): Promise<string[]> {
  const parsed = parseRules([{ file: "f", text: `rules:\n${yaml}` }], vocabulary);
  if (parsed.kind === "bad") throw new Error(JSON.stringify(parsed.problems));
  const { rules } = parsed.rules;
  const ledger = createLedger({ correlation, seed: "x" });
  await ledger.retain(rules, 0);
  const shadows = shadowsOf(rules, ledger, 1000);
  return rules.flatMap((rule) => (shadows.has(rule.identity) ? [`${rule.name} by ${shadows.get(rule.identity)}`] : []));
}

t.test("an earlier rule that takes every call of an API shadows later ones of it", async (t) => {
  t.strictSame(
    await shadowed(`
  - { name: a, api: pay, result: RISK_REJECT }
  - { name: b, api: pay, result: PROCESS_FAIL }
  - { name: c, api: [pay, refund], result: PROCESS_FAIL }
  - { name: d, api: "*", result: PROCESS_FAIL }
  - { name: e, api: cancel, result: PROCESS_FAIL }
`),
    ["b by a", "e by d"],
  );
});

t.test("a rule with a condition, a count, an end of its steps, or that is off shadows nothing", async (t) => {
  t.strictSame(
    await shadowed(`
  - { name: a, api: pay, when: { clientId: X }, result: RISK_REJECT }
  - { name: b, api: pay, times: 3, result: RISK_REJECT }
  - { name: c, api: pay, probability: 0.5, result: RISK_REJECT }
  - { name: d, api: pay, active: false, result: RISK_REJECT }
  - { name: e, api: pay, steps: [{ result: RISK_REJECT }, { delay: 1s, forward: true }], then: forward }
  - { name: f, api: pay, steps: [{ result: RISK_REJECT }], then: forward }
  - { name: g, api: pay, result: PROCESS_FAIL }
`),
    [],
  );
});
