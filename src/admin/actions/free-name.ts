/** A name for a new rule. */
import type { Rule } from "../../rules/rule.ts";

/** `wanted`, or `wanted-2`, `wanted-3` … where a rule has it already. */
export function freeName(wanted: string, rules: readonly Rule[]): string {
  const taken = new Set(rules.map((rule) => rule.name));
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${count}`;
  return name;
}
