/** Limits how many server names get their own certificate: issuing one takes 3 ms of the main thread, and clients choose the names. */
import type { Clock } from "../../base/clock.ts";

export interface NewNames {
  /** Whether another certificate may be issued now; counts it. */
  admit(): boolean;
}

const SECOND_MS = 1000;

/** At most `perSecond` per second. */
export function createNewNames(clock: Pick<Clock, "steady">, perSecond: number): NewNames {
  let sinceMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    admit() {
      const nowMs = clock.steady();
      if (nowMs - sinceMs >= SECOND_MS) {
        sinceMs = nowMs;
        count = 0;
      }
      count += 1;
      return count <= perSecond;
    },
  };
}
