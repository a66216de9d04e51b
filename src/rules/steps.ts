/** Which step of a rule a firing performs, and how many firings there are. */
import type { Rule, Step } from "./rule.ts";

/** The step of the `ordinal`-th firing (1-based); undefined past the end of a sequence that forwards then. */
export function stepAt(rule: Rule, ordinal: number): Step | undefined {
  const length = lengthOf(rule);
  if (ordinal > length && rule.afterwards === "forward") return undefined;
  if (ordinal > length && rule.afterwards === "last") return rule.steps.at(-1);
  let left = (ordinal - 1) % length;
  for (const step of rule.steps) {
    if (left < step.times) return step;
    left -= step.times;
  }
  return undefined;
}

/** Firings under one key after which the rule is spent; undefined: no end. */
export function firingLimit(rule: Rule): number | undefined {
  const { times } = rule.activation;
  if (rule.afterwards !== "forward") return times;
  return times === undefined ? lengthOf(rule) : Math.min(times, lengthOf(rule));
}

function lengthOf(rule: Rule): number {
  return rule.steps.reduce((sum, step) => sum + step.times, 0);
}
