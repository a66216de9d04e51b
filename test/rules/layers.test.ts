/** Two layers of rules become one set: the temporary ones first, hiding file rules of their names. */
import t from "tap";
import { vocabulary } from "../../src/app/vocabulary.ts";
import { hiddenRules, type RuleLayers, rulesInForce, rulesOfBoth, temporaryRule } from "../../src/rules/layers.ts";
import { parseTemporary } from "../../src/rules/temporary-rules.ts";
import { rulesOf } from "../helpers/rules.ts";

const FILES = rulesOf("rules:\n  - {name: a, api: pay, result: RISK_REJECT}\n  - {name: b, api: pay, abort: reset}\n");

async function layersOf(text: string): Promise<RuleLayers> {
  const parsed = await parseTemporary({ file: "rules", text }, vocabulary);
  if (parsed.kind === "bad") throw new Error(JSON.stringify(parsed.problems));
  return { temporary: parsed.temporary, files: FILES };
}

const namesOf = (rules: readonly { name: string; layer: string }[]): string[] => rules.map(({ name, layer }) => `${layer} ${name}`);

t.test("temporary rules come first, in their order; without any the set of the files is taken as it is", async (t) => {
  t.equal(rulesInForce(await layersOf("rules: []")), FILES);
  const layers = await layersOf("rules:\n  - {name: y, api: pay, abort: reset}\n  - {name: x, api: pay, abort: reset}\n");
  t.same(namesOf(rulesInForce(layers).rules), ["temporary y", "temporary x", "files a", "files b"]);
  t.equal(hiddenRules(layers).size, 0);
});

t.test("a file rule of a temporary rule's name is hidden, and still one of all rules where its meaning is another", async (t) => {
  const other = await layersOf("rules:\n  - {name: a, api: pay, result: PROCESS_FAIL}\n");
  t.same(namesOf(rulesInForce(other).rules), ["temporary a", "files b"]);
  t.same(
    [...hiddenRules(other)].map(([name, rule]) => `${name} ${rule.layer}:${rule.line}`),
    ["a files:2"],
  );
  t.same(namesOf(rulesOfBoth(other)), ["temporary a", "files a", "files b"]);
  t.equal(temporaryRule(other, "a")?.rule.layer, "temporary");
  t.equal(temporaryRule(other, "b"), undefined);
  const same = await layersOf("rules:\n  - {name: a, api: pay, result: RISK_REJECT}\n");
  t.same(namesOf(rulesOfBoth(same)), ["temporary a", "files b"], "one identity has one window");
});
