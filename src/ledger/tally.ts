/** Decides whether the next matching call under a key fires, and counts it; no side effects. */
import type { Reason } from "../rules/ledger.ts";
import type { Rule } from "../rules/rule.ts";
import { seededRandom } from "../rules/select/seeded-random.ts";
import { firingLimit } from "../rules/steps.ts";

export interface Tally {
  /** Number of matching calls so far. */
  readonly attempts: number;
  /** Number of those calls that fired. */
  readonly fired: number;
}

export const BLANK: Tally = { attempts: 0, fired: 0 };

/** The tally after one more matching call; `reason` is why it does not fire, undefined when it does. */
export interface Count {
  readonly tally: Tally;
  readonly reason: Reason | undefined;
}

/** `seed` is the seed of this rule under this key. */
export function count(rule: Rule, tally: Tally, seed: string): Count {
  const attempts = tally.attempts + 1;
  const reason = reasonAgainst(rule, { attempts, fired: tally.fired }, seed);
  return { reason, tally: { attempts, fired: reason === undefined ? tally.fired + 1 : tally.fired } };
}

function reasonAgainst(rule: Rule, tally: Tally, seed: string): Reason | undefined {
  const { skip, probability } = rule.activation;
  const limit = firingLimit(rule);
  if (tally.attempts <= skip) return "skipped";
  if (limit !== undefined && tally.fired >= limit) return "spent";
  if (probability < 1 && seededRandom(seed, tally.attempts) >= probability) return "unlucky";
  return undefined;
}
