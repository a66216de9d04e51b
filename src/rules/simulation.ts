/** Simulations: rules that do nothing but answer one operation with one result code, which tools may therefore switch on and off in their files. */
import type { Rule } from "./rule.ts";
import { firingLimit } from "./steps.ts";

/** One operation and the result code that it is answered with. */
export interface SimulatedAnswer {
  readonly operation: string;
  readonly code: string;
}

/** The operation and code of a rule that only answers the one with the other; undefined for any other rule. */
export function simulationOf(rule: Rule): SimulatedAnswer | undefined {
  const [operation, ...others] = rule.operations ?? [];
  const [step, ...furtherSteps] = rule.steps;
  const [fault, ...furtherFaults] = step?.faults ?? [];
  const code = fault?.resultCode;
  const isPlain = others.length + furtherSteps.length + furtherFaults.length + rule.matchers.length === 0 && isUnlimited(rule);
  if (!isPlain || operation === undefined || code === undefined || rule.callUpstream) return undefined;
  return { operation, code };
}

/** Whether it acts on every call of its operations while its window runs. */
export function isUnlimited(rule: Rule): boolean {
  const { fromMs, untilMs, skip, probability } = rule.activation;
  return fromMs === undefined && untilMs === undefined && skip === 0 && probability === 1 && firingLimit(rule) === undefined;
}
