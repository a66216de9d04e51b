/** A ring of the newest calls with a limit on their number and bytes; evicted calls release their memory for new ones. */
import type { CallRecord } from "../../ports/ports.ts";
import { createBytePages } from "./byte-pages.ts";
import { bytesOf, type KeptCall, keepCall } from "./kept-call.ts";

export interface CallRing {
  /** Adds a call, evicting the oldest when a limit is reached; returns its sequence number. */
  add(record: CallRecord): number;
  /** The call with that sequence number; undefined when it was evicted. */
  at(sequence: number): KeptCall | undefined;
  /** Removes all calls; sequence numbers continue. */
  clear(): void;
  /** The number and size of the kept calls, and the newest sequence number. */
  size(): { readonly calls: number; readonly bytes: number; readonly newest: number };
}

/** Approximate size of a call without its texts and bodies. */
const CALL_BYTES = 256;

/** An empty ring of `limit` calls; the newest call is kept whatever its size. */
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
    // A remaining reference would keep the call's whole page in memory.
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
