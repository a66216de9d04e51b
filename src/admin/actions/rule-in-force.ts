/** Finds a rule by its name. */
import { type RuleLayers, temporaryRule } from "../../rules/layers.ts";
import type { Rule } from "../../rules/rule.ts";
import { type Failure, fail } from "./result.ts";

/** The rule of this name that is in force: the temporary one where both layers have it. */
export function ruleInForce(layers: RuleLayers, name: string): Rule | undefined {
  return temporaryRule(layers, name)?.rule ?? layers.files.rules.find((rule) => rule.name === name);
}

/** The failure where there is no such rule. */
export function unknownRule(name: string): Failure {
  return fail("not-found", `there is no rule \`${name}\``);
}
