/** Puts rules in force one set after the other, in the order in which they were asked for: the last wins, however long each takes to parse. */
import type { Problem } from "../base/problem.ts";
import type { Parsed, Source } from "../rules/language/parse.ts";

export interface RuleSetterParts {
  readonly parse: (sources: readonly Source[]) => Promise<Parsed>;
  /** Swaps the rules in; false for `keep` begins those anew that are in force already. */
  readonly take: (parsed: Parsed, keep: boolean) => Promise<void>;
}

export interface RuleSetter {
  /** Parses and takes the texts. Gives their problems; the last good rules then stay. */
  set(sources: readonly Source[], keep: boolean): Promise<readonly Problem[]>;
  /** Takes what was parsed elsewhere. */
  take(parsed: Parsed): Promise<void>;
  /** The texts of the last set that was taken, once all that were asked for have been. */
  sources(): Promise<readonly Source[]>;
}

/** `initial` are the texts in force now. */
export function createRuleSetter(initial: readonly Source[], { parse, take }: RuleSetterParts): RuleSetter {
  let current = initial;
  let asked = 0;
  let taken = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const pending = new Set<Promise<unknown>>();
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    const next = turn.then(act);
    turn = next.catch(() => undefined);
    return next;
  };
  const setOne = async (sources: readonly Source[], keep: boolean): Promise<readonly Problem[]> => {
    asked += 1;
    const own = asked;
    const parsed = await parse(sources);
    await inTurn(async () => {
      // A later set is in force already.
      if (own < taken) return;
      await take(parsed, keep);
      if (parsed.kind === "bad") return;
      taken = own;
      current = sources;
    });
    return parsed.kind === "bad" ? parsed.problems : [];
  };
  return {
    set(sources, keep) {
      const setting = setOne(sources, keep);
      pending.add(setting);
      const forget = (): void => void pending.delete(setting);
      setting.then(forget, forget);
      return setting;
    },
    take: (parsed) => inTurn(() => take(parsed, true)),
    async sources() {
      while (pending.size > 0) await Promise.allSettled(pending);
      return current;
    },
  };
}
