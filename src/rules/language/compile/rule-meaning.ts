/** The normal form of a rule for hashing: with defaults, independent of key order and spelling of durations. */

import type { Activation, Rule, Step } from "../../rule.ts";
import type { Target } from "./read-target.ts";

/** The parsed parts of a rule. */
export interface ReadRule {
  readonly target: Target;
  readonly activation: Activation;
  readonly steps: readonly Step[];
  readonly afterwards: Rule["afterwards"];
}

/** Plain data that is equal for rules that act alike. `source` is the rule as authored. */
export function ruleMeaning(source: Readonly<Record<string, unknown>>, rule: ReadRule): unknown {
  const { active: _, ...schedule } = rule.activation;
  const { operations, path } = rule.target;
  const authored = Array.isArray(source["steps"]) ? source["steps"] : [source];
  const steps = rule.steps.map((step, index) => stepMeaning(step, authored[index]));
  return { operations, path, when: source["when"], schedule, steps, afterwards: rule.afterwards };
}

function stepMeaning(step: Step, authored: unknown): unknown {
  const source = typeof authored === "object" && authored !== null ? authored : {};
  const faults = step.faults.map((fault) => [fault.kind, fault.meaning ?? Reflect.get(source, fault.kind)]);
  return { times: step.times, callUpstream: step.callUpstream, faults };
}
