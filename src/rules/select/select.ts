/** Finds the rule that acts on a call: the first, in file order, that matches and whose claim is granted. */
import type { MaybePromise } from "../../base/maybe-promise.ts";
import type { Claim, Ledger } from "../ledger.ts";
import type { Facts, Firing, Rule, RuleSet } from "../rule.ts";
import { type Asked, fire } from "./fire.ts";
import { keyOf } from "./key.ts";

/** The firing, or undefined when no rule acts. Returns a promise only for an external ledger. */
export function select(rules: RuleSet, facts: Facts, ledger: Ledger): MaybePromise<Firing | undefined> {
  const candidates = rules.candidates(facts);
  return candidates.length === 0 ? undefined : selectFrom(candidates, { first: 0, facts, ledger, rulesVersion: rules.version });
}

interface Search extends Asked {
  readonly first: number;
  readonly ledger: Ledger;
}

function selectFrom(candidates: readonly Rule[], search: Search): MaybePromise<Firing | undefined> {
  const { facts, ledger } = search;
  for (let index = search.first; index < candidates.length; index += 1) {
    const rule = candidates[index];
    if (rule === undefined || !matches(rule, facts)) continue;
    const key = keyOf(rule, facts);
    if (key === undefined) continue;
    const claim = ledger.claim(rule, key, facts.nowMs);
    if (claim instanceof Promise)
      return claim.then((granted) => settle(rule, granted, search) ?? selectFrom(candidates, { ...search, first: index + 1 }));
    const firing = settle(rule, claim, search);
    if (firing !== undefined) return firing;
  }
  return undefined;
}

/** Whether all conditions of `rule` match; its window and tallies are not checked. */
export function matches(rule: Rule, facts: Facts): boolean {
  for (const matcher of rule.matchers) if (!matcher.matches(facts)) return false;
  return true;
}

function settle(rule: Rule, claim: Claim, asked: Asked): Firing | undefined {
  return claim.kind === "granted" ? fire(rule, asked, claim) : undefined;
}
