/** Holds the rules in force and the problems of the file that would have replaced them. */
import type { Problem } from "../base/problem.ts";
import { createSubscribers, type OnListenerError } from "../base/subscribers.ts";
import type { RuleSet } from "./rule.ts";

/** Told after every change, with what is in force now. */
export type StoreListener = (store: RuleStore) => void;

export interface RuleStore {
  /** The rules in force. A call in flight keeps the set it began with. */
  current(): RuleSet;
  /** How often `replace` was called: rises even when the meaning stayed the same. */
  generation(): number;
  /** What is wrong with the files as they stand now; empty when they are what is in force. */
  problems(): readonly Problem[];
  /** Swaps in another set; `problems` are those of the files as they are now, default none. `ledger.retain` comes first: it opens the windows of new rules. */
  replace(rules: RuleSet, problems?: readonly Problem[]): void;
  /** Keeps the rules in force and notes why the files were not taken. */
  reject(problems: readonly Problem[]): void;
  /** Returns how to unsubscribe. */
  subscribe(listener: StoreListener): () => void;
}

/** `onError` is told what a subscriber threw. */
export function createRuleStore(initial: RuleSet, onError?: OnListenerError): RuleStore {
  let rules = initial;
  let generation = 1;
  let problems: readonly Problem[] = [];
  const subscribers = createSubscribers<RuleStore>(onError);
  const store: RuleStore = {
    current: () => rules,
    generation: () => generation,
    problems: () => problems,
    replace(next, found = []) {
      rules = next;
      generation += 1;
      problems = found;
      subscribers.tell(store);
    },
    reject(next) {
      problems = next;
      subscribers.tell(store);
    },
    subscribe: subscribers.add,
  };
  return store;
}
