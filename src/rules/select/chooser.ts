/** Which rule acts on a call: the rules in force and the ledger, as one port. */
import type { MaybePromise } from "../../base/maybe-promise.ts";
import type { Ledger } from "../ledger.ts";
import type { Facts, Firing } from "../rule.ts";
import type { RuleStore } from "../store.ts";
import { select } from "./select.ts";
import type { UnreadableBodies } from "./unreadable-bodies.ts";

export interface RuleChooser {
  /** The first rule that matches and fires, which books it; undefined: the call is forwarded. No promise unless the ledger lives elsewhere. */
  choose(facts: Facts): MaybePromise<Firing | undefined>;
}

export interface ChooserParts {
  readonly store: Pick<RuleStore, "current">;
  readonly ledger: Ledger;
  readonly unreadable: Pick<UnreadableBodies, "note">;
}

/** A chooser among the rules in force at each call. */
export function createRuleChooser({ store, ledger, unreadable }: ChooserParts): RuleChooser {
  return {
    choose(facts) {
      const rules = store.current();
      const chosen = select(rules, facts, ledger);
      unreadable.note(facts, rules);
      return chosen;
    },
  };
}
