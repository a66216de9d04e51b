/** Time as the program is handed it: the real clock, or a test's. */

/**
 * Time, in two readings. Moments (`from`, `until`, response-time, the time of a record) are on the wall clock; lengths (durations, delays,
 * deadlines) are differences of steady readings. The two differ by an amount that changes whenever the machine's clock is set.
 */
export interface Clock {
  /** Epoch milliseconds, as the machine's clock says now; jumps, also backwards, when it is set. */
  wall(): number;
  /** Milliseconds since some moment; never goes back, keeps the pace of real time, and counts time that the machine was asleep. Means nothing to another process. */
  steady(): number;
  /** Resolves after `ms`, or rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Both readings of one moment. */
export interface Moment {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** What `clock` says now. */
export function momentOf(clock: Pick<Clock, "wall" | "steady">): Moment {
  return { wallMs: clock.wall(), steadyMs: clock.steady() };
}
