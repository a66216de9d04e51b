/** A clock that tests move by hand: nothing waits in real time. */
import type { Clock } from "../../src/base/clock.ts";

export interface FakeClock extends Clock {
  /** Lets `ms` pass: every sleep that ends by then resolves, in order. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward by `ms`, or back: no time passes. */
  setWall(byMs: number): void;
  /** Sleeps still going on. */
  sleeping(): number;
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock whose two readings stand at `startMs` and `startMs` less `apartMs` until advanced. */
export function createFakeClock(startMs: number = Date.UTC(2026, 10, 23, 8), apartMs = 0): FakeClock {
  let nowMs = startMs - apartMs;
  let aheadMs = apartMs;
  let sleepers: Sleeper[] = [];
  return {
    wall: () => nowMs + aheadMs,
    steady: () => nowMs,
    setWall(byMs) {
      aheadMs += byMs;
    },
    sleeping: () => sleepers.length,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { atMs: nowMs + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason);
        });
      }),
    async advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = sleepers.toSorted((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > untilMs) break;
        sleepers = sleepers.filter((other) => other !== next);
        nowMs = next.atMs;
        next.wake();
        await settled();
      }
      nowMs = untilMs;
      await settled();
    },
  };
}

/** A clock that stands, and sleeps for no time. */
export function createStillClock(wall: () => number): Clock {
  return { wall, steady: wall, sleep: async () => undefined };
}

/** Resolves when every promise that can go on by itself has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
