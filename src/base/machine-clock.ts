/** The real clock and the real randomness: the only place besides the shells that asks the machine for either. */
import { randomBytes } from "node:crypto";
import { uptime } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** What a clock is made of; milliseconds all. */
export interface Readings {
  /** Epoch milliseconds. */
  wall(): number;
  /** Never goes back; may stand still while the machine sleeps, as Node's own timers do on Linux. */
  awake(): number;
  /** Since the machine was booted, time asleep included, to 10 ms; costs some microseconds. */
  booted(): number;
  /** A timer of Node's, for at most a minute. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

/** Timers do not run while the machine sleeps: longer sleeps are made of several, and the clock is read in between. */
const LONGEST_TIMER_MS = 30_000;

/** How often the machine is asked whether it slept: a sleep may be noticed that much later. */
const ASK_EVERY_MS = 250;

/** Below this the difference between the two counts is the coarseness of `booted`. */
const LEAST_ASLEEP_MS = 100;

/** A clock on these readings. */
export function createClock(readings: Readings): Clock {
  const steady = createSteady(readings);
  return {
    wall: readings.wall,
    steady,
    async sleep(ms, signal) {
      const untilMs = steady() + ms;
      let leftMs = ms;
      do {
        await readings.wait(Math.min(leftMs, LONGEST_TIMER_MS), signal);
        leftMs = leftMs <= LONGEST_TIMER_MS ? 0 : untilMs - steady();
      } while (leftMs > 0);
    },
  };
}

function createSteady({ awake, booted }: Readings): () => number {
  const apartMs = booted() - awake();
  let asleepMs = 0;
  let askAtMs = awake() + ASK_EVERY_MS;
  return () => {
    const awakeMs = awake();
    if (awakeMs >= askAtMs) {
      askAtMs = awakeMs + ASK_EVERY_MS;
      const moreMs = booted() - awakeMs - apartMs - asleepMs;
      if (moreMs > LEAST_ASLEEP_MS) asleepMs += moreMs;
    }
    return awakeMs + asleepMs;
  };
}

/** The machine's clock. */
export const systemClock: Clock = createClock({
  wall: () => Date.now(),
  awake: () => performance.now(),
  booted: () => uptime() * 1000,
  wait: (ms, signal) => delay(ms, undefined, { signal }),
});

/** Ids for calls: unique within and across processes, in order of creation within one (`k3f9a1-000001`). */
export function createCallIds(): () => string {
  const prefix = randomBytes(4).toString("hex");
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36).padStart(6, "0")}`;
  };
}
