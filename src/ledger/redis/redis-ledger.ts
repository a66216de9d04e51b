/** A ledger shared by several replicas through Redis or Valkey: one window and one tally for all of them. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import { createSubscribers } from "../../base/subscribers.ts";
import type { Correlation } from "../../ports/correlation.ts";
import type { Claim, Key, Ledger, LedgerChange } from "../../rules/ledger.ts";
import type { Rule } from "../../rules/rule.ts";
import { createAwayClaims } from "./away.ts";
import { createBeat } from "./beat.ts";
import { claimThere } from "./claims.ts";
import { type Health, type Heartbeat, startHeartbeat } from "./heartbeat.ts";
import { keysUnder } from "./keys.ts";
import { createMoves } from "./moves.ts";
import { detailOf, openRedisLink } from "./redis-link.ts";
import { createRuleStates } from "./rule-states.ts";
import { createRulesInForce } from "./rules-in-force.ts";
import { createSharedIds } from "./shared-ids.ts";
import { createSharedTime } from "./shared-time.ts";

export type { Health };

/**
 * A ledger whose claims ask Redis. While Redis is unreachable nothing rejects: rules that count are refused (`away`), the others act from their
 * last known windows; `rearm`, `extend` and `stop` return false. Changes of the rules files are sent when Redis is reachable again.
 */
export interface RedisLedger extends Ledger {
  health(): Health;
  /** Called on every change between `up` and `away`. */
  onHealth(listener: (health: Health) => void): () => void;
  /** Releases this replica's lease and closes the connection. Windows and tallies stay for the next start. */
  close(): Promise<void>;
}

export interface RedisLedgerOptions {
  readonly url: string;
  readonly prefix: string;
  readonly seed: string;
  /** Which ids name the same thing. */
  readonly correlation: Correlation;
  readonly clock: Clock;
  /** Longest wait for the first connection; after it the ledger starts as `away`. Default 2,000. */
  readonly firstMs?: number;
  /** Longest wait for one answer during a call; after it Redis counts as unreachable, and no further call waits. Default 1,000. */
  readonly deadlineMs?: number;
  /** Default 1,000. */
  readonly beatMs?: number;
  /** How long a killed replica still counts as a holder of its rules. Default 15,000. */
  readonly leaseMs?: number;
}

const STANDARD = { firstMs: 2000, deadlineMs: 1000, beatMs: 1000, leaseMs: 15_000 } as const;

/** Connects; resolves with a ledger whether or not Redis is reachable. */
export async function openRedisLedger(given: RedisLedgerOptions): Promise<RedisLedger> {
  const options = { ...STANDARD, ...given };
  const { clock, seed, url, deadlineMs } = options;
  const changes = createSubscribers<LedgerChange>();
  const healths = createSubscribers<Health>();
  let heart: Heartbeat | undefined;
  const link = openRedisLink({ url, clock, deadlineMs, onReady: () => heart?.wake(), onLost: (detail) => heart?.lost(detail) });
  const keys = keysUnder(options.prefix);
  const time = createSharedTime();
  const states = createRuleStates(time);
  const replica = randomBytes(8).toString("hex");
  const inForce = createRulesInForce({ link, keys, time, states, replica });
  const { tell } = changes;
  const beat = createBeat({ clock, link, keys, time, inForce, replica, leaseMs: options.leaseMs, tell });
  const beating = startHeartbeat({ clock, everyMs: options.beatMs, beat, describe: detailOf, onHealth: healths.tell });
  heart = beating;
  await beating.firstBeat(options.firstMs);
  const away = createAwayClaims(seed);
  const ids = createSharedIds(link, keys, options.correlation);
  const judge = async (rule: Rule, call: { readonly key: Key; readonly nowMs: number; readonly book: boolean }): Promise<Claim> => {
    if (beating.health().kind === "up") {
      try {
        return await claimThere({ link, keys, time, states, ids, seed }, rule, call);
      } catch (error) {
        beating.lost(detailOf(error));
      }
    }
    return away.claim(rule, states.stateOf(rule.identity), call);
  };
  return {
    ...createMoves({ link, keys, time, inForce, tell, heart: beating }),
    async claim(rule, key, nowMs) {
      const claim = await judge(rule, { key, nowMs, book: true });
      tell("tallies");
      return claim;
    },
    peek: (rule, key, nowMs) => judge(rule, { key, nowMs, book: false }),
    stateOf: states.stateOf,
    observeAnswer: ids.observe,
    subscribe: changes.add,
    health: beating.health,
    onHealth: healths.add,
    async close() {
      await beating.stop();
      if (beating.health().kind === "up") await link.send("ZREM", keys.leases, replica).catch(() => undefined);
      link.close();
    },
  };
}
