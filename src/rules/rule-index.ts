/** An index of the rules of one operation by the facts that they require, so that a call is matched only against rules that its facts can satisfy. */
import type { Facts, MatcherKey, Rule } from "./rule.ts";

/** Returns the rules that may match a call, in file order. */
export type RuleIndex = (facts: Facts) => readonly Rule[];

interface Placed {
  readonly rule: Rule;
  /** Position in file order. */
  readonly at: number;
}

/** The rules with a key on the same fact, by value. */
interface KeyGroup {
  readonly valueOf: MatcherKey["valueOf"];
  readonly byValue: Map<string, Placed[]>;
}

const NONE: readonly Placed[] = [];

/** The index of `rules`, which are in file order. */
export function createRuleIndex(rules: readonly Rule[]): RuleIndex {
  const open: Placed[] = [];
  const groups = new Map<string, KeyGroup>();
  for (const [at, rule] of rules.entries()) {
    const key = rule.matchers.find((matcher) => matcher.key !== undefined)?.key;
    if (key === undefined) open.push({ rule, at });
    else add(groups, key, { rule, at });
  }
  const openRules = open.map(({ rule }) => rule);
  if (groups.size === 0) return () => openRules;
  const [only] = groups.values();
  if (groups.size === 1 && only !== undefined) return singleGroup(only, open);
  return (facts) => {
    const found = [...groups.values()].map((group) => rulesFor(group, facts)).filter((list) => list.length > 0);
    return found.length === 0 ? openRules : inOrder([open, ...found].flat());
  };
}

function add(groups: Map<string, KeyGroup>, key: MatcherKey, placed: Placed): void {
  const group = groups.get(key.fact) ?? { valueOf: key.valueOf, byValue: new Map<string, Placed[]>() };
  groups.set(key.fact, group);
  for (const value of new Set(key.values)) {
    const list = group.byValue.get(value);
    if (list === undefined) group.byValue.set(value, [placed]);
    else list.push(placed);
  }
}

/** The usual case, a single key fact: caches the result for each value. */
function singleGroup(group: KeyGroup, open: readonly Placed[]): RuleIndex {
  const openRules = open.map(({ rule }) => rule);
  const merged = new Map<readonly Placed[], readonly Rule[]>();
  return (facts) => {
    const found = rulesFor(group, facts);
    if (found.length === 0) return openRules;
    const known = merged.get(found) ?? inOrder([...open, ...found]);
    merged.set(found, known);
    return known;
  };
}

function rulesFor(group: KeyGroup, facts: Facts): readonly Placed[] {
  const value = group.valueOf(facts);
  return value === undefined ? NONE : (group.byValue.get(value) ?? NONE);
}

function inOrder(placed: readonly Placed[]): readonly Rule[] {
  return [...placed].sort((left, right) => left.at - right.at).map(({ rule }) => rule);
}
