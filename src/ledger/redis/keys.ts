/** The names under which shared state stands in Redis: one hash tag for all, so that a script's keys share a slot of a cluster. */

/** The four keys of one rule, in the order in which the scripts take them. */
export type RuleKeys = readonly [rule: string, holders: string, tallies: string, order: string];

export interface Keys {
  /** Sorted set: replicas by when their leases end. */
  readonly leases: string;
  /** Counter: rises with every change, so that replicas know when to look. */
  readonly changes: string;
  /** Set: identities of the rules there are entries for. */
  readonly index: string;
  rule(identity: string): RuleKeys;
  /** String: the chosen id behind an assigned one. */
  idLink(assigned: string): string;
}

export function keysUnder(prefix: string): Keys {
  const tag = `{${prefix}}`;
  return {
    leases: `${tag}:leases`,
    changes: `${tag}:changes`,
    index: `${tag}:rules`,
    rule: (identity) => [`${tag}:rule:${identity}`, `${tag}:holders:${identity}`, `${tag}:tallies:${identity}`, `${tag}:order:${identity}`],
    idLink: (assigned) => `${tag}:payment:${assigned}`,
  };
}
