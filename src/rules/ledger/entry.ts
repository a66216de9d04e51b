/** What the embedded ledger keeps of one rule, in memory and saved. */
import type { Window } from "../ledger.ts";
import type { Activation } from "../rule.ts";
import type { SavedRule } from "../saved-state.ts";
import type { Tally } from "./tally.ts";

export interface Entry {
  window: Window;
  firings: number;
  /** By key, the oldest first. */
  readonly tallies: Map<string, Tally>;
}

/** Entries by the identity of their rules. */
export interface Entries {
  readonly inForce: Map<string, Entry>;
  /** Those of rules that left the files, which still serve calls in flight; the longest gone first. */
  readonly gone: Map<string, { readonly entry: Entry; readonly sinceMs: number }>;
}

/** The entry of a rule that is in force, or was when a call in flight began. */
export function entryOf({ inForce, gone }: Entries, identity: string): Entry | undefined {
  return inForce.get(identity) ?? gone.get(identity)?.entry;
}

/** Keys per rule, and payments, beyond which the oldest is forgotten. */
export const MOST_KEYS = 10_000;

/** A fresh entry. `duration` counts from when the rule was first seen, or from `from` where that is later; `until` cuts it off. */
export function openEntry(activation: Activation, nowMs: number): Entry {
  const { durationMs, fromMs = nowMs, untilMs } = activation;
  const startsAtMs = Math.max(nowMs, fromMs);
  const ends = [durationMs === undefined ? undefined : startsAtMs + durationMs, untilMs].filter((end) => end !== undefined);
  const endsAtMs = ends.length === 0 ? undefined : Math.min(...ends);
  return { window: { startsAtMs, endsAtMs, stoppedAtMs: undefined }, firings: 0, tallies: new Map() };
}

/** Sets one key's tally. */
export function keepTally(entry: Entry, key: string, tally: Tally): void {
  entry.tallies.set(key, tally);
  const [oldest] = entry.tallies.size > MOST_KEYS ? entry.tallies.keys() : [];
  if (oldest !== undefined) entry.tallies.delete(oldest);
}

export function restoreEntry(saved: SavedRule): Entry {
  const { startsAtMs, endsAtMs, stoppedAtMs, firings, tallies } = saved;
  const kept = tallies.map(([key, attempts, fired]): [string, Tally] => [key, { attempts, fired }]);
  return { window: { startsAtMs, endsAtMs, stoppedAtMs }, firings, tallies: new Map(kept) };
}

export function saveEntry(identity: string, entry: Entry): SavedRule {
  const { startsAtMs, endsAtMs, stoppedAtMs } = entry.window;
  const tallies = [...entry.tallies].map(([key, tally]): [string, number, number] => [key, tally.attempts, tally.fired]);
  return {
    identity,
    startsAtMs,
    ...(endsAtMs === undefined ? {} : { endsAtMs }),
    ...(stoppedAtMs === undefined ? {} : { stoppedAtMs }),
    firings: entry.firings,
    tallies,
  };
}
