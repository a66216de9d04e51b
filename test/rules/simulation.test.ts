/** A simulation is told from other rules. */
import t from "tap";
import { vocabulary } from "../../src/app/vocabulary.ts";
import { parseRules } from "../../src/rules/language/parse.ts";
import { type SimulatedAnswer, simulationOf } from "../../src/rules/simulation.ts";

function simulated(rule: string): SimulatedAnswer | undefined {
  const parsed = parseRules([{ file: "f", text: `rules:\n  - ${rule}\n` }], vocabulary);
  if (parsed.kind === "bad") throw new Error(JSON.stringify(parsed.problems));
  const [only] = parsed.rules.rules;
  if (only === undefined) throw new Error("there is one rule");
  return simulationOf(only);
}

t.test("a rule that answers one operation with one result code is a simulation, active or not, with a duration or without", async (t) => {
  const expected = { operation: "pay", code: "RISK_REJECT" };
  t.strictSame(simulated("{ name: a, api: pay, result: RISK_REJECT }"), expected);
  t.strictSame(simulated("{ name: a, api: pay, active: false, duration: 30m, result: RISK_REJECT }"), expected);
});

t.test("a rule with a condition, a limit, another fault, steps, several operations or a call to the gateway is none", async (t) => {
  for (const rule of [
    "{ name: a, api: pay, when: { clientId: X }, result: RISK_REJECT }",
    "{ name: a, api: pay, times: 3, result: RISK_REJECT }",
    "{ name: a, api: pay, skip: 1, result: RISK_REJECT }",
    "{ name: a, api: pay, probability: 0.5, result: RISK_REJECT }",
    '{ name: a, api: pay, until: "2099-01-01T00:00:00Z", result: RISK_REJECT }',
    "{ name: a, api: pay, delay: 2s, result: RISK_REJECT }",
    "{ name: a, api: pay, abort: reset }",
    "{ name: a, api: pay, steps: [{ result: RISK_REJECT }, { forward: true }] }",
    "{ name: a, api: pay, steps: [{ result: RISK_REJECT }], then: forward }",
    "{ name: a, api: [pay, refund], result: PROCESS_FAIL }",
    '{ name: a, api: "*", result: PROCESS_FAIL }',
    "{ name: a, api: pay, upstream: call, result: RISK_REJECT }",
  ])
    t.equal(simulated(rule), undefined, rule);
});
