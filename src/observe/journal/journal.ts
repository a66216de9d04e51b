/** Keeps the recent calls for the page in a ring of packed calls, limited in number and bytes; calls are formatted only when they are read. */

import { callListener } from "../../base/subscribers.ts";
import type { CallRecord, Observer } from "../../ports/ports.ts";
import { type CallFilters, matchesFilters } from "./call-filters.ts";
import { type CallRing, createCallRing } from "./call-ring.ts";
import { hasId, type KeptCall, readCall } from "./kept-call.ts";

/** A kept call with its sequence number. */
export interface JournalEntry {
  /** 1 for the first call, growing by one. */
  readonly sequence: number;
  readonly record: CallRecord;
}

export interface JournalQuery {
  /** Only entries after this sequence number; undefined: from the oldest kept. */
  readonly since?: number;
  /** Maximum number of entries, the newest ones; undefined: all. */
  readonly limit?: number;
  readonly filters?: CallFilters;
  /** Maximum number of bytes copied from each body; undefined: all. Lists need few, and copies of whole bodies are large. */
  readonly bodyBytes?: number;
}

export interface Journal {
  readonly observe: Observer;
  /** Matching entries, newest first. */
  entries(query?: JournalQuery): readonly JournalEntry[];
  /** The kept call with this id; undefined when unknown or evicted. */
  entry(id: string): JournalEntry | undefined;
  /** Calls `listener` for every new call, on the call's path, so it must be fast. Returns a function that unsubscribes. */
  subscribe(listener: (entry: JournalEntry) => void): () => void;
  /** Removes all calls; sequence numbers continue. */
  clear(): void;
  /** The number and size of the kept calls, and the newest sequence number. */
  readonly size: { readonly calls: number; readonly bytes: number; readonly newest: number };
}

export interface JournalOptions {
  /** Maximum number of calls. Default 1,000. */
  readonly limit?: number;
  /** Maximum size of bodies and headers; the newest call is kept whatever its size. Default 64 MiB. */
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
