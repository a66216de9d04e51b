/** Stores the active rules and the problems of a rejected file. */
import type { Problem } from "../base/problem.ts";
import { createSubscribers, type OnListenerError } from "../base/subscribers.ts";
import type { RuleSet } from "./rule.ts";

/** Called after every change with the current state. */
export type StoreListener = (store: RuleStore) => void;

export interface RuleStore {
  /** The current rules. A call in flight keeps its set. */
  current(): RuleSet;
  /** Number of `replace` calls, also of those with an unchanged meaning. */
  generation(): number;
  /** The problems of the current files; empty when they were accepted. */
  problems(): readonly Problem[];
  /** Swaps in another set; `problems` are those of the files as they are now, default none. `ledger.retain` comes first: it opens the windows of new rules. */
  replace(rules: RuleSet, problems?: readonly Problem[]): void;
  /** Keeps the current rules and records why the files were rejected. */
  reject(problems: readonly Problem[]): void;
  /** Returns a function that unsubscribes. */
  subscribe(listener: StoreListener): () => void;
}

/** `onError` receives exceptions of subscribers. */
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
