/** The newest calls within a number and a byte budget; those that drop out give their memory to those that come. */
import type { CallRecord } from "../../ports/ports.ts";
import { createBytePages } from "./byte-pages.ts";
import { bytesOf, type KeptCall, keepCall } from "./kept-call.ts";

export interface CallRing {
  /** Keeps a call, in place of the oldest where a budget is spent; gives its sequence. */
  add(record: CallRecord): number;
  /** The call with that sequence; undefined when it is no longer kept. */
  at(sequence: number): KeptCall | undefined;
  /** Forgets all; sequences go on. */
  clear(): void;
  /** How much is kept, and the sequence of the newest call. */
  size(): { readonly calls: number; readonly bytes: number; readonly newest: number };
}

/** What a call costs besides its texts and bodies, roughly. */
const CALL_BYTES = 256;

/** An empty ring of `limit` places; the newest call is kept whatever its size. */
export function createCallRing(limit: number, limitBytes: number): CallRing {
  const pages = createBytePages();
  const places = new Array<KeptCall | undefined>(limit);
  let newest = 0;
  let calls = 0;
  let bytes = 0;
  const at = (sequence: number): KeptCall | undefined =>
    sequence > newest - calls && sequence <= newest ? places[sequence % limit] : undefined;
  const dropOldest = (): void => {
    const sequence = newest - calls + 1;
    const oldest = at(sequence);
    calls -= 1;
    if (oldest === undefined) return;
    // A reference left behind would keep the call's whole page in memory.
    places[sequence % limit] = undefined;
    bytes -= bytesOf(oldest) + CALL_BYTES;
    pages.release(oldest.page);
  };
  return {
    add(record) {
      if (calls === limit) dropOldest();
      newest += 1;
      const kept = keepCall(record, newest, pages);
      places[newest % limit] = kept;
      calls += 1;
      bytes += bytesOf(kept) + CALL_BYTES;
      while (bytes > limitBytes && calls > 1) dropOldest();
      return newest;
    },
    at,
    clear() {
      while (calls > 0) dropOldest();
    },
    size: () => ({ calls, bytes, newest }),
  };
}
