/** The rules of one operation, sorted by the facts they cannot do without: a call is tried against those only that its own facts name. */
import type { Facts, MatcherKey, Rule } from "./rule.ts";

/** The rules that can concern a call, in file order. */
export type Shelf = (facts: Facts) => readonly Rule[];

interface Placed {
  readonly rule: Rule;
  /** Place in file order. */
  readonly at: number;
}

/** All rules that have a key on the same fact, by the values they name. */
interface Drawer {
  readonly valueOf: MatcherKey["valueOf"];
  readonly byValue: Map<string, Placed[]>;
}

const NONE: readonly Placed[] = [];

/** The shelf of `rules`, which stand in file order. */
export function createShelf(rules: readonly Rule[]): Shelf {
  const open: Placed[] = [];
  const drawers = new Map<string, Drawer>();
  for (const [at, rule] of rules.entries()) {
    const key = rule.matchers.find((matcher) => matcher.key !== undefined)?.key;
    if (key === undefined) open.push({ rule, at });
    else putAway(drawers, key, { rule, at });
  }
  const openRules = open.map(({ rule }) => rule);
  if (drawers.size === 0) return () => openRules;
  const [only] = drawers.values();
  if (drawers.size === 1 && only !== undefined) return singleDrawer(only, open);
  return (facts) => {
    const found = [...drawers.values()].map((drawer) => rulesFor(drawer, facts)).filter((list) => list.length > 0);
    return found.length === 0 ? openRules : inOrder([open, ...found].flat());
  };
}

function putAway(drawers: Map<string, Drawer>, key: MatcherKey, placed: Placed): void {
  const drawer = drawers.get(key.fact) ?? { valueOf: key.valueOf, byValue: new Map<string, Placed[]>() };
  drawers.set(key.fact, drawer);
  for (const value of new Set(key.values)) {
    const list = drawer.byValue.get(value);
    if (list === undefined) drawer.byValue.set(value, [placed]);
    else list.push(placed);
  }
}

/** The usual case: what was found once for a value is kept. */
function singleDrawer(drawer: Drawer, open: readonly Placed[]): Shelf {
  const openRules = open.map(({ rule }) => rule);
  const merged = new Map<readonly Placed[], readonly Rule[]>();
  return (facts) => {
    const found = rulesFor(drawer, facts);
    if (found.length === 0) return openRules;
    const known = merged.get(found) ?? inOrder([...open, ...found]);
    merged.set(found, known);
    return known;
  };
}

function rulesFor(drawer: Drawer, facts: Facts): readonly Placed[] {
  const value = drawer.valueOf(facts);
  return value === undefined ? NONE : (drawer.byValue.get(value) ?? NONE);
}

function inOrder(placed: readonly Placed[]): readonly Rule[] {
  return [...placed].sort((left, right) => left.at - right.at).map(({ rule }) => rule);
}
