/** The embedded ledger's state of one rule, in memory and saved. */
import type { Window } from "../rules/ledger.ts";
import type { Activation } from "../rules/rule.ts";
import { followsWall, type KeptWindow, noteBeginning, openWindow, restoreWindow, saveWindow, windowAt } from "./kept-window.ts";
import type { SavedRule } from "./saved-state.ts";
import type { Tally } from "./tally.ts";

export interface Entry {
  kept: KeptWindow;
  /** The window, when setting the machine's clock cannot move it. */
  fixed: Window | undefined;
  firings: number;
  /** By key, oldest first. */
  readonly tallies: Map<string, Tally>;
}

/** Entries by the identity of their rules. */
export interface Entries {
  readonly inForce: Map<string, Entry>;
  /** Entries of removed rules, which still serve calls in flight; removed longest ago first. */
  readonly gone: Map<string, { readonly entry: Entry; readonly sinceMs: number }>;
  /** The wall clock's reading minus the steady one's. */
  readonly aheadMs: () => number;
}

/** The entry of a rule that is active, or was when a call in flight started. */
export function entryOf({ inForce, gone }: Entries, identity: string): Entry | undefined {
  return inForce.get(identity) ?? gone.get(identity)?.entry;
}

/** Maximum number of keys per rule, and of payments; beyond it the oldest is evicted. */
export const MOST_KEYS = 10_000;

/** Creates an entry. */
export function openEntry(activation: Activation, nowMs: number): Entry {
  return entryWith(openWindow(activation, nowMs), 0, new Map());
}

function entryWith(kept: KeptWindow, firings: number, tallies: Map<string, Tally>): Entry {
  return { kept, fixed: fixedOf(kept), firings, tallies };
}

function fixedOf(kept: KeptWindow): Window | undefined {
  return followsWall(kept) ? undefined : windowAt(kept, 0);
}

/** The window in steady milliseconds, computed with the clocks at `nowMs`. */
export function windowOf(entry: Entry, nowMs: number, { aheadMs }: Entries): Window {
  if (entry.fixed !== undefined) return entry.fixed;
  const look = { nowMs, aheadMs: aheadMs() };
  entry.kept = noteBeginning(entry.kept, look);
  return windowAt(entry.kept, look.aheadMs);
}

/** Replaces the entry's window. */
export function setWindow(entry: Entry, kept: KeptWindow): void {
  entry.kept = kept;
  entry.fixed = fixedOf(kept);
}

/** Sets one key's tally. */
export function keepTally(entry: Entry, key: string, tally: Tally): void {
  entry.tallies.set(key, tally);
  const [oldest] = entry.tallies.size > MOST_KEYS ? entry.tallies.keys() : [];
  if (oldest !== undefined) entry.tallies.delete(oldest);
}

/** `savedAtMs` in epoch milliseconds; `aheadMs` is the wall clock's reading less the steady one's. */
export function restoreEntry(saved: SavedRule, savedAtMs: number, aheadMs: number): Entry {
  const kept = saved.tallies.map(([key, attempts, fired]): [string, Tally] => [key, { attempts, fired }]);
  return entryWith(restoreWindow(saved, savedAtMs, aheadMs), saved.firings, new Map(kept));
}

export function saveEntry(identity: string, entry: Entry, aheadMs: number): SavedRule {
  const tallies = [...entry.tallies].map(([key, tally]): [string, number, number] => [key, tally.attempts, tally.fired]);
  return { identity, ...saveWindow(entry.kept, aheadMs), firings: entry.firings, tallies };
}
