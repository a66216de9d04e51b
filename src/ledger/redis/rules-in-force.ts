/** Brings Redis in line with the rules that are in force here: opens their windows, lets go of the others, reads what replicas changed. */

import type { Activation, Rule } from "../../rules/rule.ts";
import type { Keys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";
import { HOLD, READ, RELEASE } from "./scripts.ts";
import type { SharedTime } from "./shared-time.ts";
import type { SharedWindow, Standings } from "./standings.ts";

export interface RulesInForce {
  /** Notes the active rules; their windows open at `nowMs` unless Redis knows them. Nothing is sent. */
  want(rules: readonly Rule[], nowMs: number): void;
  has(identity: string): boolean;
  /** Sends what was wanted, and nothing before the first `want`. Rejects when Redis is away; then call it again later. */
  align(): Promise<void>;
  /** Reads windows and firings; true when a window moved, or Redis has lost one. `touch`: keeps them from expiring as well. */
  read(touch: boolean): Promise<"same" | "moved" | "lost">;
}

export interface InForceOptions {
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly time: SharedTime;
  readonly standings: Standings;
  /** Names this process among the replicas. */
  readonly replica: string;
}

/** How long entries outlive the last replica that was seen. */
export const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
/** How long a rule that left the files everywhere still serves calls in flight. */
const LINGER_MS = 60_000;
/** Rules in one script, so that Redis is never busy for long. */
const BATCH = 200;

interface Wanted {
  readonly rule: Rule;
  /** When it was first seen here, a steady reading: its window opens then where Redis knows none. */
  readonly seenAtMs: number;
}

export function createRulesInForce({ link, keys, time, standings, replica }: InForceOptions): RulesInForce {
  const wanted = new Map<string, Wanted>();
  const held = new Set<string>();
  let isTold = false;
  let isFirst = true;
  const keysOf = (identities: readonly string[]): string[] => identities.flatMap((identity) => keys.rule(identity));
  const release = async (identities: readonly string[], never: boolean): Promise<void> => {
    for (const batch of batches(identities)) {
      const words = [replica, String(LINGER_MS), never ? "1" : "0", ...batch];
      await link.run(RELEASE, [keys.leases, keys.changes, keys.index, ...keysOf(batch)], words);
      for (const identity of batch) held.delete(identity);
    }
  };
  const hold = async (): Promise<void> => {
    for (const batch of batches([...wanted.keys()])) {
      const words = batch.flatMap((identity) => [identity, ...opening(wanted.get(identity), standings.lastKnown(identity), time)]);
      const shared = [keys.leases, keys.changes, keys.index, ...keysOf(batch)];
      takeAll(standings, batch, await link.run(HOLD, shared, [replica, String(KEEP_MS), ...words]));
      for (const identity of batch) held.add(identity);
    }
  };
  return {
    want(rules, nowMs) {
      isTold = true;
      const active = new Map(rules.filter((rule) => rule.activation.active).map((rule) => [rule.identity, rule]));
      for (const identity of wanted.keys()) if (!active.has(identity)) wanted.delete(identity);
      for (const [identity, rule] of active) wanted.set(identity, { rule, seenAtMs: wanted.get(identity)?.seenAtMs ?? nowMs });
      standings.keep(new Set(active.keys()));
    },
    has: (identity) => wanted.has(identity),
    async align() {
      // Before the rules are known, none can be said to have gone.
      if (!isTold) return;
      const isStray = (identity: string): boolean => !wanted.has(identity);
      await release([...held].filter(isStray), false);
      if (isFirst) await release(textsOf(await link.send("SMEMBERS", keys.index)).filter(isStray), true);
      isFirst = false;
      await hold();
    },
    async read(touch) {
      const moves: boolean[] = [];
      for (const batch of batches([...wanted.keys()])) {
        const reply = await link.run(READ, keysOf(batch), [touch ? String(KEEP_MS) : ""]);
        if (hasGap(reply)) return "lost";
        moves.push(takeAll(standings, batch, reply));
      }
      return moves.includes(true) ? "moved" : "same";
    },
  };
}

/** Start, end, stop and firings to open a window with: what was last known of it, else fresh. */
function opening(wanted: Wanted | undefined, known: (SharedWindow & { firings: number }) | undefined, time: SharedTime): string[] {
  if (known !== undefined) return [known.starts, known.ends, known.stopped, String(known.firings)];
  return [...(wanted === undefined ? ["", ""] : sharedWindow(wanted.rule.activation, time.toShared(wanted.seenAtMs))), "", "0"];
}

/** Start and end as Redis keeps them, of a window opened at `openedAtMs`; `from` and `until` are moments of Redis's clock too. */
export function sharedWindow({ durationMs, fromMs, untilMs }: Activation, openedAtMs: number): [string, string] {
  const startsAtMs = Math.max(openedAtMs, fromMs ?? openedAtMs);
  const endsAtMs = Math.min(startsAtMs + (durationMs ?? Number.POSITIVE_INFINITY), untilMs ?? Number.POSITIVE_INFINITY);
  return [String(startsAtMs), Number.isFinite(endsAtMs) ? String(endsAtMs) : ""];
}

function takeAll(standings: Standings, identities: readonly string[], reply: unknown): boolean {
  const replies: readonly unknown[] = Array.isArray(reply) ? reply : [];
  return identities.map((identity, index) => standings.take(identity, replies[index])).includes(true);
}

/** Whether Redis lacks a rule that it was told of: it was emptied, or replaced by one that knows nothing. */
function hasGap(reply: unknown): boolean {
  return !Array.isArray(reply) || reply.some((fields: unknown) => !Array.isArray(fields) || typeof fields[0] !== "string");
}

function textsOf(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map(String) : [];
}

function batches(identities: readonly string[]): string[][] {
  const count = Math.ceil(identities.length / BATCH);
  return Array.from({ length: count }, (_, index) => identities.slice(index * BATCH, (index + 1) * BATCH));
}
