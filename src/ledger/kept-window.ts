/** A window in the embedded ledger: durations on the steady clock, `from` and `until` on the wall clock, combined when it is read. */
import type { Window } from "../rules/ledger.ts";
import type { Activation } from "../rules/rule.ts";
import type { SavedRule } from "./saved-state.ts";

export interface KeptWindow {
  /** Steady: when the rule was first seen. */
  readonly openedAtMs: number;
  /** Wall: the window starts at this time. */
  readonly fromMs: number | undefined;
  /** Steady: when `from` was reached; undefined before that, and without `from`. */
  readonly begunAtMs: number | undefined;
  readonly durationMs: number | undefined;
  /** Wall. */
  readonly untilMs: number | undefined;
  /** Steady: when it was stopped manually. */
  readonly stoppedAtMs: number | undefined;
}

/** The time at which a window is read. */
export interface Look {
  /** Steady. */
  readonly nowMs: number;
  /** Wall less steady. */
  readonly aheadMs: number;
}

/** A new window. `duration` counts from when the rule was first seen, or from `from` if later; `until` limits it. */
export function openWindow({ durationMs, fromMs, untilMs }: Activation, nowMs: number): KeptWindow {
  return { openedAtMs: nowMs, fromMs, begunAtMs: undefined, durationMs, untilMs, stoppedAtMs: undefined };
}

/** Whether setting the machine's clock can move the window. */
export function followsWall({ fromMs, untilMs }: KeptWindow): boolean {
  return fromMs !== undefined || untilMs !== undefined;
}

/** The window with its start recorded once `from` has been reached, so that a later clock change does not affect the duration; the start is cleared when the clock was set back before it. */
export function noteBeginning(kept: KeptWindow, { nowMs, aheadMs }: Look): KeptWindow {
  if (kept.fromMs === undefined) return kept;
  const fromMs = kept.fromMs - aheadMs;
  if (nowMs < fromMs) return kept.begunAtMs === undefined ? kept : { ...kept, begunAtMs: undefined };
  return kept.begunAtMs === undefined ? { ...kept, begunAtMs: Math.max(kept.openedAtMs, fromMs) } : kept;
}

/** The window in steady milliseconds, computed with the current clocks. */
export function windowAt(kept: KeptWindow, aheadMs: number): Window {
  const { openedAtMs, fromMs, begunAtMs, durationMs, untilMs, stoppedAtMs } = kept;
  const startsAtMs = begunAtMs ?? (fromMs === undefined ? openedAtMs : Math.max(openedAtMs, fromMs - aheadMs));
  const ends = [
    durationMs === undefined ? undefined : startsAtMs + durationMs,
    untilMs === undefined ? undefined : untilMs - aheadMs,
  ].filter((end) => end !== undefined);
  return { startsAtMs, endsAtMs: ends.length === 0 ? undefined : Math.min(...ends), stoppedAtMs };
}

/** The window with its end moved; undefined when it has no end. */
export function extendWindow(kept: KeptWindow, byMs: number): KeptWindow | undefined {
  const { durationMs, untilMs } = kept;
  if (durationMs === undefined && untilMs === undefined) return undefined;
  return {
    ...kept,
    durationMs: durationMs === undefined ? undefined : durationMs + byMs,
    untilMs: untilMs === undefined ? undefined : untilMs + byMs,
  };
}

type SavedWindow = Omit<SavedRule, "identity" | "firings" | "tallies">;

/** The window in epoch milliseconds, for another process. */
export function saveWindow(kept: KeptWindow, aheadMs: number): SavedWindow {
  const { startsAtMs, endsAtMs, stoppedAtMs } = windowAt(kept, aheadMs);
  const { fromMs, untilMs, durationMs } = kept;
  return {
    startsAtMs: startsAtMs + aheadMs,
    ...(endsAtMs === undefined ? {} : { endsAtMs: endsAtMs + aheadMs }),
    ...(stoppedAtMs === undefined ? {} : { stoppedAtMs: stoppedAtMs + aheadMs }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/** Converts a window from `saveWindow` to this process's clock; `savedAtMs` in epoch milliseconds. */
export function restoreWindow(saved: SavedWindow, savedAtMs: number, aheadMs: number): KeptWindow {
  const { startsAtMs, endsAtMs, stoppedAtMs, fromMs, untilMs } = saved;
  const openedAtMs = startsAtMs - aheadMs;
  const hasBegun = fromMs !== undefined && startsAtMs <= savedAtMs;
  // A state file of an earlier version contains only the end, which counts as a duration.
  const isOld = saved.durationMs === undefined && untilMs === undefined && endsAtMs !== undefined;
  return {
    openedAtMs: fromMs === undefined || startsAtMs > fromMs ? openedAtMs : Number.NEGATIVE_INFINITY,
    fromMs,
    begunAtMs: hasBegun ? openedAtMs : undefined,
    durationMs: isOld ? endsAtMs - startsAtMs : saved.durationMs,
    untilMs,
    stoppedAtMs: stoppedAtMs === undefined ? undefined : stoppedAtMs - aheadMs,
  };
}
