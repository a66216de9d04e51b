/** The ledger of a single process: kept in memory, updated synchronously, saved and restored by its caller. */

import type { Clock } from "../../base/clock.ts";
import { createSubscribers, type OnListenerError } from "../../base/subscribers.ts";
import type { Correlation } from "../../ports/correlation.ts";
import { type Claim, type Key, type Ledger, type LedgerChange, phaseOf, unlinked } from "../../rules/ledger.ts";
import type { Rule } from "../../rules/rule.ts";
import { type Entries, type Entry, entryOf, keepTally, MOST_KEYS, restoreEntry, saveEntry, windowOf } from "../entry.ts";
import { createIdMemory } from "../id-memory.ts";
import type { SavedState } from "../saved-state.ts";
import { BLANK, count } from "../tally.ts";
import { createWindows } from "../window-changes.ts";

export interface EmbeddedLedger extends Ledger {
  claim(rule: Rule, key: Key, nowMs: number): Claim;
  peek(rule: Rule, key: Key, nowMs: number): Claim;
  /** The state to save. */
  snapshot(nowMs: number): SavedState;
}

export interface LedgerOptions {
  /** Seeds all random numbers: the same seed and calls give the same firings. */
  readonly seed: string;
  /** Which ids name the same thing. */
  readonly correlation: Correlation;
  /** The saved state of an earlier process; undefined: a new start. */
  readonly saved?: SavedState | undefined;
  /** The clock for `from` and `until`. Default: a clock whose two readings are always equal. */
  readonly clock?: Pick<Clock, "wall" | "steady"> | undefined;
  /** Called with an exception of a subscriber. */
  readonly onError?: OnListenerError | undefined;
}

/** The default of `clock`. */
const SAME = { wall: () => 0, steady: () => 0 } as const;

export function createLedger(options: LedgerOptions): EmbeddedLedger {
  const { seed, correlation, saved, clock = SAME } = options;
  const aheadMs = (): number => clock.wall() - clock.steady();
  const restored = (saved?.rules ?? []).map((rule): [string, Entry] => [rule.identity, restoreEntry(rule, saved?.atMs ?? 0, aheadMs())]);
  const entries: Entries = { inForce: new Map(restored), gone: new Map(), aheadMs };
  const ids = createIdMemory({ correlation, limit: MOST_KEYS, saved: saved?.payments });
  const { tell, add: subscribe } = createSubscribers<LedgerChange>(options.onError);
  const nameOf = (key: Key): string => (typeof key === "string" ? key : (ids.chosenFor(key.id) ?? unlinked(key)));
  const claim = (rule: Rule, key: Key, nowMs: number): Claim => {
    const granted = judge({ entries, seed, book: true }, rule, { name: nameOf(key), nowMs });
    tell("tallies");
    return granted;
  };
  return {
    ...createWindows(entries, clock.steady, () => tell("windows")),
    claim,
    peek: (rule, key, nowMs) => judge({ entries, seed, book: false }, rule, { name: nameOf(key), nowMs }),
    observeAnswer(request, content) {
      if (ids.observe(request, content).length > 0) tell("tallies");
    },
    subscribe,
    snapshot(nowMs) {
      const ahead = aheadMs();
      return {
        version: 1,
        atMs: nowMs + ahead,
        rules: [...entries.inForce].map(([identity, entry]) => saveEntry(identity, entry, ahead)),
        payments: ids.pairs().map(([assigned, chosen]) => [assigned, chosen]),
      };
    },
  };
}

interface Books {
  readonly entries: Entries;
  readonly seed: string;
  /** False: returns the claim without counting it. */
  readonly book: boolean;
}

function judge(books: Books, rule: Rule, call: { readonly name: string; readonly nowMs: number }): Claim {
  const entry = entryOf(books.entries, rule.identity);
  if (entry === undefined) return { kind: "refused", reason: "unknown" };
  const phase = phaseOf(windowOf(entry, call.nowMs, books.entries), call.nowMs);
  if (phase !== "running") return { kind: "refused", reason: phase };
  const seed = `${books.seed}\u0000${rule.identity}\u0000${call.name}`;
  const { tally, reason } = count(rule, entry.tallies.get(call.name) ?? BLANK, seed);
  if (books.book) {
    keepTally(entry, call.name, tally);
    if (reason === undefined) entry.firings += 1;
  }
  if (reason !== undefined) return { kind: "refused", reason };
  return { kind: "granted", ordinal: tally.fired, seed: `${seed}\u0000${tally.attempts}` };
}
