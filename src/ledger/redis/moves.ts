/** Opens, moves and closes shared windows, one change at a time. */
import type { Ledger, LedgerChange } from "../../rules/ledger.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Keys } from "./keys.ts";
import { detailOf, type RedisLink } from "./redis-link.ts";
import { KEEP_MS, type RulesInForce, sharedWindow } from "./rules-in-force.ts";
import { MOVE, REARM } from "./scripts.ts";
import type { SharedTime } from "./shared-time.ts";

export interface MoveParts {
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly time: SharedTime;
  readonly inForce: RulesInForce;
  readonly heart: Heartbeat;
  readonly tell: (change: LedgerChange) => void;
}

/** The window methods of a ledger; without Redis they change nothing and return false. */
export function createMoves(parts: MoveParts): Pick<Ledger, "retain" | "rearm" | "extend" | "stop"> {
  const { link, keys, time, inForce, tell, heart } = parts;
  let last: Promise<unknown> = Promise.resolve();
  /** Runs changes one after another; false when Redis is unreachable. */
  const inTurn = (act: () => Promise<unknown>): Promise<boolean> => {
    const turn = last.then(async () => {
      if (heart.health().kind === "away") return false;
      try {
        const done = await act();
        await inForce.read(false);
        tell("windows");
        return done === 1;
      } catch (error) {
        heart.lost(detailOf(error));
        return false;
      }
    });
    last = turn;
    return turn;
  };
  const move = async (identity: string, words: readonly [string, number], nowMs: number): Promise<boolean> => {
    if (!inForce.has(identity)) return false;
    const [rule] = keys.rule(identity);
    return await inTurn(() => link.run(MOVE, [rule, keys.changes], [String(time.toShared(nowMs)), words[0], String(words[1])]));
  };
  return {
    async retain(rules, nowMs) {
      inForce.want(rules, nowMs);
      await inTurn(inForce.align);
    },
    async rearm(rule, nowMs) {
      if (!inForce.has(rule.identity)) return false;
      const [key, , tallies, order] = keys.rule(rule.identity);
      const window = sharedWindow(rule.activation, time.toShared(nowMs));
      return await inTurn(() => link.run(REARM, [key, tallies, order, keys.changes], [...window, String(KEEP_MS)]));
    },
    extend: (identity, byMs, nowMs) => move(identity, ["extend", byMs], nowMs),
    stop: (identity, nowMs) => move(identity, ["stop", 0], nowMs),
  };
}
