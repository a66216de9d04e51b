/** Finds rules that cannot act because an earlier rule acts on all their calls. */
import type { Ledger } from "../ledger.ts";
import type { Rule } from "../rule.ts";
import { isUnlimited } from "../simulation.ts";
import { rulePhase } from "./rule-phase.ts";

const ANY = "*";

/** Maps the identity of each rule that is running at `nowMs` (steady) and shadowed for all its APIs to the name of the shadowing rule. */
export function shadowsOf(rules: readonly Rule[], ledger: Pick<Ledger, "stateOf">, nowMs: number): ReadonlyMap<string, string> {
  const takers = new Map<string, string>();
  const shadows = new Map<string, string>();
  for (const rule of rules.filter((one) => rulePhase(one, ledger, nowMs) === "running")) {
    const operations = [...(rule.operations ?? [ANY])];
    const shadow = shadowOf(operations, takers);
    if (shadow !== undefined) shadows.set(rule.identity, shadow);
    else if (takesAll(rule)) take(operations, rule.name, takers);
  }
  return shadows;
}

function shadowOf(operations: readonly string[], takers: ReadonlyMap<string, string>): string | undefined {
  const by = operations.map((operation) => takers.get(operation) ?? takers.get(ANY));
  return by.includes(undefined) ? undefined : by[0];
}

function take(operations: readonly string[], name: string, takers: Map<string, string>): void {
  for (const operation of operations) if (!takers.has(operation)) takers.set(operation, name);
}

function takesAll(rule: Rule): boolean {
  return rule.matchers.length === 0 && isUnlimited(rule);
}
