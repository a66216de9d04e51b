/** Turns a granted claim into what the proxy is to do. */

import type { Effect, Facts, Firing, Rule } from "../rule.ts";
import { stepAt } from "../steps.ts";
import { seededRandom } from "./seeded-random.ts";

/** What a claim granted. */
export interface Grant {
  readonly ordinal: number;
  readonly seed: string;
}

/** The call, and the version of the rules that were asked; undefined where the caller brought its own. */
export interface Asked {
  readonly facts: Facts;
  readonly rulesVersion: string | undefined;
}

/** The firing of `rule`; undefined past the end of its sequence. */
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
