/** Creates a RuleSet from compiled rules; a call costs one or two look-ups, independent of the number of rules. */
import { hashOf } from "./identity.ts";
import type { Rule, RuleSet } from "./rule.ts";
import { createRuleIndex, type RuleIndex } from "./rule-index.ts";

/** Creates the set of `rules`, in their order. Names are already unique. */
export function createRuleSet(rules: readonly Rule[]): RuleSet {
  const active = rules.filter((rule) => rule.activation.active);
  const anywhere = createRuleIndex(active.filter((rule) => rule.operations === undefined));
  const named = new Map<string, RuleIndex>();
  const indexFor = (operation: string | undefined): RuleIndex => {
    if (operation === undefined) return anywhere;
    const known = named.get(operation);
    if (known !== undefined) return known;
    const index = createRuleIndex(active.filter((rule) => rule.operations?.has(operation) ?? true));
    named.set(operation, index);
    return index;
  };
  return {
    rules,
    version: hashOf(rules.map((rule) => `${rule.identity} ${rule.activation.active}`).join("\n")),
    candidates: (facts) => indexFor(facts.identity.operation)(facts),
  };
}
