/** The recent calls, kept for the page: a ring of references within a number and a byte budget; nothing is formatted before it is read. */
import type { CallRecord, Observer } from "../ports.ts";
import { type CallFilters, matchesFilters } from "./call-filters.ts";

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
/** What a record costs besides its bodies, roughly. */
const RECORD_BYTES = 2048;

/** Creates an empty journal. */
export function createJournal(options: JournalOptions = {}): Journal {
  const limit = Math.max(1, options.limit ?? DEFAULT_LIMIT);
  const limitBytes = options.limitBytes ?? DEFAULT_LIMIT_BYTES;
  const ring: (JournalEntry | undefined)[] = new Array<JournalEntry | undefined>(limit);
  const listeners = new Set<(entry: JournalEntry) => void>();
  let newest = 0;
  let calls = 0;
  let bytes = 0;

  const dropOldest = (): void => {
    const slot = (newest - calls + 1) % limit;
    const oldest = ring[slot];
    ring[slot] = undefined;
    calls -= 1;
    if (oldest !== undefined) bytes -= weigh(oldest.record);
  };

  return {
    observe(record) {
      if (calls === limit) dropOldest();
      newest += 1;
      const entry: JournalEntry = { sequence: newest, record };
      ring[newest % limit] = entry;
      calls += 1;
      bytes += weigh(record);
      while (bytes > limitBytes && calls > 1) dropOldest();
      for (const listener of listeners) listener(entry);
    },
    entries(query = {}) {
      const after = Math.max(query.since ?? 0, newest - calls);
      const wanted: JournalEntry[] = [];
      for (let sequence = newest; sequence > after && wanted.length < (query.limit ?? limit); sequence -= 1) {
        const entry = ring[sequence % limit];
        if (entry !== undefined && matchesFilters(entry.record, query.filters)) wanted.push(entry);
      }
      return wanted;
    },
    entry: (id) => ring.find((entry) => entry?.record.id === id),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      while (calls > 0) dropOldest();
    },
    get size() {
      return { calls, bytes, newest };
    },
  };
}

function weigh(record: CallRecord): number {
  const { request, upstreamResponse, response } = record;
  return RECORD_BYTES + request.body.length + (upstreamResponse?.body.length ?? 0) + (response?.body.length ?? 0);
}
