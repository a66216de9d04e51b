/** Makes a RuleSet of compiled rules: a look-up or two per call, however many rules there are. */
import { hashOf } from "./identity.ts";
import type { Rule, RuleSet } from "./rule.ts";
import { createShelf, type Shelf } from "./rule-index.ts";

/** The set of `rules`, in their order. Names are unique already. */
export function createRuleSet(rules: readonly Rule[]): RuleSet {
  const active = rules.filter((rule) => rule.activation.active);
  const anywhere = createShelf(active.filter((rule) => rule.operations === undefined));
  const named = new Map<string, Shelf>();
  const shelfOf = (operation: string | undefined): Shelf => {
    if (operation === undefined) return anywhere;
    const known = named.get(operation);
    if (known !== undefined) return known;
    const shelf = createShelf(active.filter((rule) => rule.operations?.has(operation) ?? true));
    named.set(operation, shelf);
    return shelf;
  };
  return {
    rules,
    version: hashOf(rules.map((rule) => `${rule.identity} ${rule.activation.active}`).join("\n")),
    candidates: (facts) => shelfOf(facts.identity.operation)(facts),
  };
}
