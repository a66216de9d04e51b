/** Reports when windows start and end, with one timer for the next event. */
import type { Clock } from "../base/clock.ts";
import { endOfLoopTurn } from "../base/event-loop.ts";
import type { OnListenerError } from "../base/subscribers.ts";
import { createEventQueue } from "./event-queue.ts";
import { type Ledger, type Phase, phaseOf, type Window } from "./ledger.ts";
import type { Rule, RuleSet } from "./rule.ts";

/** `ended` at its time, `stopped` manually. */
export interface WindowEvent {
  readonly kind: "started" | "ended" | "stopped";
  readonly rule: Rule;
  /** The time of the event; earlier than the report if the program was down. */
  readonly atMs: number;
  /** All in steady milliseconds, including `atMs`. */
  readonly window: Window;
}

export interface WindowsOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** The current rules. */
  readonly rules: () => RuleSet;
  readonly listener: (event: WindowEvent) => void;
  /** Receives exceptions of the listener; later events are still delivered. */
  readonly onError?: OnListenerError | undefined;
  /** When an earlier process last checked the windows, on this process's steady clock: earlier events are not reported again. Undefined: report all. */
  readonly seenAtMs?: number | undefined;
}

export interface Windows {
  /** Checks again at the end of the event-loop turn; call it after the store replaced its rules. Changes in the ledger are noticed automatically. */
  refresh(): void;
  /** Checks once more if something changed, and delivers all pending events. */
  close(): void;
}

/** The last checked state of a window. */
interface Seen {
  readonly phase: Phase;
  readonly startsAtMs: number;
}

/** Starts watching; the first check is immediate. */
export function watchWindows(options: WindowsOptions): Windows {
  const { ledger, clock, rules, seenAtMs } = options;
  const known = new Map<string, Seen>();
  const queue = createEventQueue(options.listener, options.onError);
  let timer = new AbortController();
  /** Whether something changed since the last check. */
  let stale = false;
  let closed = false;

  const arm = (nextMs: number | undefined): void => {
    timer.abort();
    timer = new AbortController();
    if (nextMs === undefined) return;
    waitUntil(nextMs, { clock, signal: timer.signal, followsWall: rules().rules.some(followsWall) }).then(lookNow, () => undefined);
  };
  const lookNow = (): void => {
    stale = false;
    if (closed) return;
    const open = openWindows(options);
    const nowMs = clock.steady();
    queue.add(open.flatMap((one) => newsOf(one, nowMs, { known, seenAtMs })));
    forgetOthers(known, open);
    // With the same time, so that no event is missed between the report and the timer.
    arm(nextTurn(open, nowMs));
  };
  const settle = (): void => {
    if (stale) lookNow();
  };
  /** A reload changes the ledger and the set together; one check covers both. */
  const refresh = (): void => {
    stale = true;
    void endOfLoopTurn().then(settle);
  };
  const unsubscribe = ledger.subscribe((change) => {
    if (change === "windows") refresh();
  });
  lookNow();
  return {
    refresh,
    close() {
      unsubscribe();
      settle();
      queue.flush();
      closed = true;
      timer.abort();
    },
  };
}

/** How often the wall clock is compared with the steady one while a rule waits for `from` or `until`. */
const COMPARE_EVERY_MS = 1000;
/** A larger difference within that time means that the wall clock was set. */
const SET_MS = 50;

interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly followsWall: boolean;
}

/** Resolves at `atMs`, or earlier when the wall clock was set and is relevant. Rejects when `signal` aborts. */
async function waitUntil(atMs: number, { clock, signal, followsWall }: Waiting): Promise<void> {
  const aheadMs = clock.wall() - clock.steady();
  for (;;) {
    const leftMs = Math.max(1, Math.ceil(atMs - clock.steady()));
    await clock.sleep(followsWall ? Math.min(leftMs, COMPARE_EVERY_MS) : leftMs, signal);
    if (clock.steady() >= atMs || Math.abs(clock.wall() - clock.steady() - aheadMs) > SET_MS) return;
  }
}

function followsWall({ activation: { active, fromMs, untilMs } }: Rule): boolean {
  return active && (fromMs !== undefined || untilMs !== undefined);
}

/** The events of one window since the last check; records its current state. */
function newsOf(
  { rule, window }: OpenWindow,
  nowMs: number,
  { known, seenAtMs }: { readonly known: Map<string, Seen>; readonly seenAtMs: number | undefined },
): WindowEvent[] {
  const before = known.get(rule.identity) ?? seenBefore(window, seenAtMs);
  const phase = phaseOf(window, nowMs);
  known.set(rule.identity, { phase, startsAtMs: window.startsAtMs });
  return turnsBetween(before, window, phase).map((turn) => ({ ...turn, rule, window }));
}

function forgetOthers(known: Map<string, unknown>, open: readonly { readonly rule: Rule }[]): void {
  const present = new Set(open.map(({ rule }) => rule.identity));
  for (const identity of known.keys()) if (!present.has(identity)) known.delete(identity);
}

function seenBefore(window: Window, seenAtMs: number | undefined): Seen | undefined {
  if (seenAtMs === undefined || window.startsAtMs > seenAtMs) return undefined;
  const atThatTime = window.stoppedAtMs !== undefined && window.stoppedAtMs > seenAtMs ? { ...window, stoppedAtMs: undefined } : window;
  return { phase: phaseOf(atThatTime, seenAtMs), startsAtMs: window.startsAtMs };
}

type Turn = Pick<WindowEvent, "kind" | "atMs">;

function turnsBetween(before: Seen | undefined, window: Window, phase: Phase): Turn[] {
  const isAnew = before === undefined || before.startsAtMs !== window.startsAtMs;
  const last = isAnew ? "waiting" : before.phase;
  const turns: Turn[] = [];
  if (last === phase || phase === "waiting") return turns;
  // An ended window runs again after the clock was set back.
  if (last !== "running" && phase !== "stopped") turns.push({ kind: "started", atMs: window.startsAtMs });
  if (phase === "ended") turns.push({ kind: "ended", atMs: window.endsAtMs ?? window.startsAtMs });
  if (phase === "stopped") turns.push({ kind: "stopped", atMs: window.stoppedAtMs ?? window.startsAtMs });
  return turns;
}

/** When the next window starts or ends; undefined when none will. */
function nextTurn(open: readonly OpenWindow[], nowMs: number): number | undefined {
  let next = Number.POSITIVE_INFINITY;
  for (const { window } of open) {
    if (window.stoppedAtMs !== undefined) continue;
    if (window.startsAtMs > nowMs) next = Math.min(next, window.startsAtMs);
    if (window.endsAtMs !== undefined && window.endsAtMs > nowMs) next = Math.min(next, window.endsAtMs);
  }
  return Number.isFinite(next) ? next : undefined;
}

interface OpenWindow {
  readonly rule: Rule;
  readonly window: Window;
}

function openWindows(options: WindowsOptions): OpenWindow[] {
  return options.rules().rules.flatMap((rule) => {
    const window = options.ledger.stateOf(rule.identity)?.window;
    return window === undefined ? [] : [{ rule, window }];
  });
}
