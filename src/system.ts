/** The real clock and the real randomness: the only place besides the shells that asks the machine for either. */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "./ports.ts";

/** Timers take at most this many milliseconds; longer sleeps are made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A getter that asks anew each time, for what never changes. */
const { timeOrigin } = performance;

/** Epoch milliseconds that run steadily from the process's start, whatever is done to the wall clock meanwhile. */
export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
  async sleep(ms, signal) {
    let left = ms;
    while (left > LONGEST_TIMER_MS) {
      await delay(LONGEST_TIMER_MS, undefined, { signal });
      left -= LONGEST_TIMER_MS;
    }
    await delay(left, undefined, { signal });
  },
};

/** Ids for calls: unique within and across processes, in order of creation within one (`k3f9a1-000001`). */
export function createCallIds(): () => string {
  const prefix = randomBytes(4).toString("hex");
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36).padStart(6, "0")}`;
  };
}
