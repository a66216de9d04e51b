/** Simulations: rules that only answer one operation with one result code, and that tools may therefore enable and disable in their files. */
import type { Rule } from "./rule.ts";
import { firingLimit } from "./steps.ts";

/** An operation and the result code of its answer. */
export interface SimulatedAnswer {
  readonly operation: string;
  readonly code: string;
}

/** The operation and code of a simulation; undefined for any other rule. */
export function simulationOf(rule: Rule): SimulatedAnswer | undefined {
  const [operation, ...others] = rule.operations ?? [];
  const [step, ...furtherSteps] = rule.steps;
  const [fault, ...furtherFaults] = step?.faults ?? [];
  const code = fault?.resultCode;
  const isPlain = others.length + furtherSteps.length + furtherFaults.length + rule.matchers.length === 0 && isUnlimited(rule);
  if (!isPlain || operation === undefined || code === undefined || rule.callUpstream) return undefined;
  return { operation, code };
}

/** Whether the rule acts on every call of its operations while its window runs. */
export function isUnlimited(rule: Rule): boolean {
  const { fromMs, untilMs, skip, probability } = rule.activation;
  return fromMs === undefined && untilMs === undefined && skip === 0 && probability === 1 && firingLimit(rule) === undefined;
}
