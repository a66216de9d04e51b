/** Claims while Redis is unreachable: a rule acts from its last known window, unless it counts. */

import { type Claim, phaseOf, type RuleState } from "../../rules/ledger.ts";
import type { Rule } from "../../rules/rule.ts";
import { firingLimit } from "../../rules/steps.ts";
import { BLANK, count, type Tally } from "../tally.ts";

/** Whether acting without the shared tallies could be wrong: too often, too early, or in the wrong order. */
export function countsFirings(rule: Rule): boolean {
  const { skip, per } = rule.activation;
  return skip > 0 || per !== undefined || firingLimit(rule) !== undefined || rule.steps.length > 1;
}

export interface AwayClaims {
  /** `state` is what was last known; undefined where Redis was never asked about the rule. */
  claim(rule: Rule, state: RuleState | undefined, call: { readonly nowMs: number; readonly book: boolean }): Claim;
}

/** Creates claims without Redis; only probabilities are counted, for this replica only. */
export function createAwayClaims(seed: string): AwayClaims {
  const tallies = new Map<string, Tally>();
  return {
    claim(rule, state, { nowMs, book }) {
      if (state === undefined || countsFirings(rule)) return { kind: "refused", reason: "away" };
      const phase = phaseOf(state.window, nowMs);
      if (phase !== "running") return { kind: "refused", reason: phase };
      const own = `${seed}\u0000${rule.identity}\u0000away`;
      const { tally, reason } = count(rule, tallies.get(rule.identity) ?? BLANK, own);
      if (book) tallies.set(rule.identity, tally);
      if (reason !== undefined) return { kind: "refused", reason };
      return { kind: "granted", ordinal: tally.fired, seed: `${own}\u0000${tally.attempts}` };
    },
  };
}
