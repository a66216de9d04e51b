/** Bounds how many server names get a certificate of their own: issuing one takes the main thread 3 ms, and the names are the clients' to choose. */
import type { Clock } from "../../base/clock.ts";

export interface NewNames {
  /** Whether one more certificate may be issued now; counts it. */
  admit(): boolean;
}

const SECOND_MS = 1000;

/** At most `perSecond` in each second. */
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
