/** The keys of shared state in Redis: all with one hash tag, so that a script's keys are in one slot of a cluster. */

/** The four keys of one rule, in the order of the scripts' KEYS. */
export type RuleKeys = readonly [rule: string, holders: string, tallies: string, order: string];

export interface Keys {
  /** Sorted set: replicas by the end of their leases. */
  readonly leases: string;
  /** Counter: incremented by every change, so that replicas know when to read. */
  readonly changes: string;
  /** Set: identities of the rules with entries. */
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
