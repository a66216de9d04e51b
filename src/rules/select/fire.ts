/** Converts a granted claim to a Firing. */

import type { Effect, Facts, Firing, Rule } from "../rule.ts";
import { stepAt } from "../steps.ts";
import { seededRandom } from "./seeded-random.ts";

/** The values of a granted claim. */
export interface Grant {
  readonly ordinal: number;
  readonly seed: string;
}

/** The call and the version of the rules; undefined when the caller requested the fault. */
export interface Asked {
  readonly facts: Facts;
  readonly rulesVersion: string | undefined;
}

/** The firing of `rule`; undefined after the end of its steps. */
export function fire(rule: Rule, { facts, rulesVersion }: Asked, grant: Grant): Firing | undefined {
  const step = stepAt(rule, grant.ordinal);
  if (step === undefined) return undefined;
  let rolls = 0;
  const context = {
    request: facts.request,
    nowMs: facts.nowMs,
    random: (): number => {
      rolls += 1;
      return seededRandom(grant.seed, "fault", rolls);
    },
  };
  const effects: Effect[] = [];
  for (const fault of step.faults) effects.push(...fault.effects(context));
  const action = step.faults.map(({ summary }) => summary).join(", ");
  return {
    rule,
    ordinal: grant.ordinal,
    step: rule.steps.indexOf(step) + 1,
    rulesVersion,
    action,
    callUpstream: step.callUpstream,
    effects,
  };
}
