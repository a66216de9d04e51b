/** Whether a rule can act at a moment, and why it cannot. */
import { type Ledger, type Phase, phaseOf } from "../ledger.ts";
import type { Rule } from "../rule.ts";
import { firingLimit } from "../steps.ts";

/** `off`: switched off, or without a window. `spent`: its window runs, but it has acted as often as it may. */
export type RulePhase = Phase | "off" | "spent";

/** The phase of `rule` at `nowMs` (steady). One that counts per field is never spent: a new value may always come. */
export function rulePhase(rule: Rule, ledger: Pick<Ledger, "stateOf">, nowMs: number): RulePhase {
  const state = ledger.stateOf(rule.identity);
  if (!rule.activation.active || state === undefined) return "off";
  const phase = phaseOf(state.window, nowMs);
  return phase === "running" && isSpent(rule, state.firings) ? "spent" : phase;
}

function isSpent(rule: Rule, firings: number): boolean {
  const limit = rule.activation.per === undefined ? firingLimit(rule) : undefined;
  return limit !== undefined && firings >= limit;
}
