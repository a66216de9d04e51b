/** Synchronises Redis with the active rules of this replica: opens their windows, releases the others, reads changes of other replicas. */

import type { Activation, Rule } from "../../rules/rule.ts";
import type { Keys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";
import type { RuleStates, SharedWindow } from "./rule-states.ts";
import { HOLD, READ, RELEASE } from "./scripts.ts";
import type { SharedTime } from "./shared-time.ts";

export interface RulesInForce {
  /** Records the active rules; their windows open at `nowMs` unless Redis has them. Sends nothing. */
  want(rules: readonly Rule[], nowMs: number): void;
  has(identity: string): boolean;
  /** Sends what was wanted, after an alignment under way, and nothing before the first `want`. Rejects when Redis is away; then call it again later. */
  align(): Promise<void>;
  /** Reads windows and firings; `moved` when a window moved, `lost` when Redis has lost one. `touch`: also extends their expiry. */
  read(touch: boolean): Promise<"same" | "moved" | "lost">;
}

export interface InForceOptions {
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly time: SharedTime;
  readonly states: RuleStates;
  /** Identifies this process among the replicas. */
  readonly replica: string;
}

/** How long entries outlive the last replica. */
export const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
/** How long a rule removed everywhere still serves calls in flight. */
const LINGER_MS = 60_000;
/** Rules per script call, so that Redis is never blocked for long. */
const BATCH = 200;

/** One object from when a rule comes into force until it leaves: a reply asked for earlier says nothing of a rule that left and came back. */
interface Wanted {
  readonly rule: Rule;
  /** When it was first seen here, a steady reading: its window starts at this time if Redis has none. */
  readonly seenAtMs: number;
}

export function createRulesInForce(options: InForceOptions): RulesInForce {
  const { link, keys, states } = options;
  const wanted = new Map<string, Wanted>();
  const isWanted = (entry: Wanted): boolean => wanted.get(entry.rule.identity) === entry;
  let isTold = false;
  let lastAlignment: Promise<unknown> = Promise.resolve();
  /** Takes the replies on rules that are still in force; true when a window moved. */
  const take = (entries: readonly Wanted[], reply: unknown): boolean => {
    const replies: readonly unknown[] = Array.isArray(reply) ? reply : [];
    return entries.map((entry, index) => isWanted(entry) && states.take(entry.rule.identity, replies[index])).includes(true);
  };
  const alignWanted = createAlignment({ ...options, wanted, isWanted, take });
  return {
    want(rules, nowMs) {
      isTold = true;
      const active = new Map(rules.filter((rule) => rule.activation.active).map((rule) => [rule.identity, rule]));
      for (const identity of wanted.keys()) if (!active.has(identity)) wanted.delete(identity);
      for (const [identity, rule] of active) if (!wanted.has(identity)) wanted.set(identity, { rule, seenAtMs: nowMs });
      states.keep(new Set(active.keys()));
    },
    has: (identity) => wanted.has(identity),
    align() {
      // Before the rules are known, none can be released.
      const alignment = lastAlignment.then(() => (isTold ? alignWanted() : undefined));
      lastAlignment = alignment.catch(() => undefined);
      return alignment;
    },
    async read(touch) {
      const moves: boolean[] = [];
      for (const batch of batches([...wanted.values()])) {
        const entries = batch.filter(isWanted);
        const reply = await link.run(READ, keysOf(keys, entries), [touch ? String(KEEP_MS) : ""]);
        if (hasGap(reply)) return "lost";
        moves.push(take(entries, reply));
      }
      return moves.includes(true) ? "moved" : "same";
    },
  };
}

interface AlignmentParts extends InForceOptions {
  readonly wanted: ReadonlyMap<string, Wanted>;
  readonly isWanted: (entry: Wanted) => boolean;
  readonly take: (entries: readonly Wanted[], reply: unknown) => boolean;
}

/** Lets go of what this replica holds and no longer wants, then holds what it wants; one at a time. */
function createAlignment({ link, keys, time, states, replica, wanted, isWanted, take }: AlignmentParts): () => Promise<void> {
  const held = new Map<string, Wanted>();
  let isFirst = true;
  const release = async (identities: readonly string[], never: boolean): Promise<void> => {
    for (const batch of batches(identities)) {
      const words = [replica, String(LINGER_MS), never ? "1" : "0", ...batch];
      const ruleKeys = batch.flatMap((identity) => keys.rule(identity));
      await link.run(RELEASE, [keys.leases, keys.changes, keys.index, ...ruleKeys], words);
      for (const identity of batch) held.delete(identity);
    }
  };
  const hold = async (): Promise<void> => {
    for (const batch of batches([...wanted.values()])) {
      const entries = batch.filter(isWanted);
      const words = entries.flatMap((entry) => [entry.rule.identity, ...opening(entry, states.lastKnown(entry.rule.identity), time)]);
      const shared = [keys.leases, keys.changes, keys.index, ...keysOf(keys, entries)];
      const reply = await link.run(HOLD, shared, [replica, String(KEEP_MS), ...words]);
      for (const entry of entries) held.set(entry.rule.identity, entry);
      take(entries, reply);
    }
  };
  return async () => {
    const gone = [...held.values()].filter((entry) => !isWanted(entry));
    await release(
      gone.map(({ rule }) => rule.identity),
      false,
    );
    if (isFirst)
      await release(
        textsOf(await link.send("SMEMBERS", keys.index)).filter((identity) => !wanted.has(identity)),
        true,
      );
    isFirst = false;
    await hold();
  };
}

function keysOf(keys: Keys, entries: readonly Wanted[]): string[] {
  return entries.flatMap(({ rule }) => keys.rule(rule.identity));
}

/** Start, end, stop and firings of a window to open: the last known values, else those of a new window. */
function opening({ rule, seenAtMs }: Wanted, known: (SharedWindow & { firings: number }) | undefined, time: SharedTime): string[] {
  if (known !== undefined) return [known.starts, known.ends, known.stopped, String(known.firings)];
  return [...sharedWindow(rule.activation, time.toShared(seenAtMs)), "", "0"];
}

/** Start and end in Redis's form, of a window opened at `openedAtMs`; `from` and `until` are also times of Redis's clock. */
export function sharedWindow({ durationMs, fromMs, untilMs }: Activation, openedAtMs: number): [string, string] {
  const startsAtMs = Math.max(openedAtMs, fromMs ?? openedAtMs);
  const endsAtMs = Math.min(startsAtMs + (durationMs ?? Number.POSITIVE_INFINITY), untilMs ?? Number.POSITIVE_INFINITY);
  return [String(startsAtMs), Number.isFinite(endsAtMs) ? String(endsAtMs) : ""];
}

/** Whether Redis lacks a rule that was sent to it, because it was emptied or replaced. */
function hasGap(reply: unknown): boolean {
  return !Array.isArray(reply) || reply.some((fields: unknown) => !Array.isArray(fields) || typeof fields[0] !== "string");
}

function textsOf(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map(String) : [];
}

function batches<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / BATCH);
  return Array.from({ length: count }, (_, index) => items.slice(index * BATCH, (index + 1) * BATCH));
}
