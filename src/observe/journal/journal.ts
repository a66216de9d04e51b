/** The recent calls, kept for the page: a ring of packed calls within a number and a byte budget; nothing is formatted before it is read. */

import { callListener } from "../../base/subscribers.ts";
import type { CallRecord, Observer } from "../../ports/ports.ts";
import { type CallFilters, matchesFilters } from "./call-filters.ts";
import { type CallRing, createCallRing } from "./call-ring.ts";
import { hasId, type KeptCall, readCall } from "./kept-call.ts";

/** A kept call with its place in the order of all calls ever kept. */
export interface JournalEntry {
  /** 1 for the first call, growing by one. */
  readonly sequence: number;
  readonly record: CallRecord;
}

export interface JournalQuery {
  /** Only entries after this sequence; undefined: from the oldest kept. */
  readonly since?: number;
  /** At most this many, the newest ones; undefined: all. */
  readonly limit?: number;
  readonly filters?: CallFilters;
  /** At most this many bytes of each body are copied; undefined: all. Lists need few, and copies of whole bodies are large. */
  readonly bodyBytes?: number;
}

export interface Journal {
  readonly observe: Observer;
  /** Matching entries, newest first. */
  entries(query?: JournalQuery): readonly JournalEntry[];
  /** The kept call with this id; undefined when there is none, or none any more. */
  entry(id: string): JournalEntry | undefined;
  /** Tells `listener` of every further call, on the call's path: it must be fast. Gives the function that ends it. */
  subscribe(listener: (entry: JournalEntry) => void): () => void;
  /** Forgets all calls; sequences go on. */
  clear(): void;
  /** How much is kept, and the sequence of the newest call. */
  readonly size: { readonly calls: number; readonly bytes: number; readonly newest: number };
}

export interface JournalOptions {
  /** Calls kept at most. Default 1,000. */
  readonly limit?: number;
  /** Bytes of bodies and headers kept at most; the newest call is kept whatever its size. Default 64 MiB. */
  readonly limitBytes?: number;
}

const DEFAULT_LIMIT = 1000;
const DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024;

/** Creates an empty journal. */
export function createJournal(options: JournalOptions = {}): Journal {
  const limit = Math.max(1, options.limit ?? DEFAULT_LIMIT);
  const ring = createCallRing(limit, options.limitBytes ?? DEFAULT_LIMIT_BYTES);
  const listeners = new Set<(entry: JournalEntry) => void>();
  return {
    observe(record) {
      const sequence = ring.add(record);
      if (listeners.size === 0) return;
      const entry: JournalEntry = { sequence, record };
      for (const listener of listeners) callListener(listener, entry);
    },
    entries({ since = 0, limit: most = limit, filters, bodyBytes } = {}) {
      const wanted: JournalEntry[] = [];
      for (const kept of newestFirst(ring, since)) {
        if (wanted.length >= most) break;
        if (matchesFilters(kept, filters)) wanted.push(read(kept, bodyBytes));
      }
      return wanted;
    },
    entry(id) {
      for (const kept of newestFirst(ring, 0)) if (hasId(kept, id)) return read(kept);
      return undefined;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear: () => ring.clear(),
    get size() {
      return ring.size();
    },
  };
}

function* newestFirst(ring: CallRing, since: number): Generator<KeptCall> {
  for (let sequence = ring.size().newest; sequence > since; sequence -= 1) {
    const kept = ring.at(sequence);
    if (kept === undefined) return;
    yield kept;
  }
}

function read(kept: KeptCall, bodyBytes?: number): JournalEntry {
  return { sequence: kept.sequence, record: readCall(kept, bodyBytes) };
}
