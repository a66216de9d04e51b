/** Says when windows begin and end, with one timer for whatever comes next. */
import type { Clock } from "../ports.ts";
import { endOfTurn, inSlices } from "../turn.ts";
import { type Ledger, type Phase, phaseOf, type Window } from "./ledger.ts";
import type { Rule, RuleSet } from "./rule.ts";

/** `ended` by its own time, `stopped` by hand. */
export interface WindowEvent {
  readonly kind: "started" | "ended" | "stopped";
  readonly rule: Rule;
  /** When it happened, which may lie before it is told: while the program was down. */
  readonly atMs: number;
  readonly window: Window;
}

export interface WindowsOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** The rules in force. */
  readonly rules: () => RuleSet;
  readonly listener: (event: WindowEvent) => void;
  /** When an earlier process saw the windows last: what happened before is not told again. Undefined: tell all. */
  readonly seenAtMs?: number | undefined;
}

export interface Windows {
  /** Looks again at the end of the turn; call after the store swapped its rules. Changes in the ledger are noticed by themselves. */
  refresh(): void;
  /** Looks once more if something changed just now, and tells all that is still to be told. */
  close(): void;
}

/** How a window stood when it was looked at. */
interface Seen {
  readonly phase: Phase;
  readonly startsAtMs: number;
}

/** Begins to watch; the first look is taken at once. */
export function watchWindows(options: WindowsOptions): Windows {
  const { ledger, clock, seenAtMs } = options;
  const known = new Map<string, Seen>();
  const teller = createTeller(options.listener);
  let timer = new AbortController();
  /** Whether something changed since the last look. */
  let stale = false;
  let closed = false;

  const arm = (nextMs: number | undefined, nowMs: number): void => {
    timer.abort();
    timer = new AbortController();
    if (nextMs === undefined) return;
    clock.sleep(Math.max(1, Math.ceil(nextMs - nowMs)), timer.signal).then(lookNow, () => undefined);
  };
  const lookNow = (): void => {
    stale = false;
    if (closed) return;
    const open = openWindows(options);
    const nowMs = clock.now();
    teller.tell(open.flatMap((one) => newsOf(one, nowMs, { known, seenAtMs })));
    forgetOthers(known, open);
    // Of the same moment: nothing can happen between what was told and what is waited for.
    arm(nextTurn(open, nowMs), nowMs);
  };
  const settle = (): void => {
    if (stale) lookNow();
  };
  /** A reload changes the ledger and the set, one right after the other: one look tells of both. */
  const refresh = (): void => {
    stale = true;
    void endOfTurn().then(settle);
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
      teller.finish();
      closed = true;
      timer.abort();
    },
  };
}

/** So many events are told before others may have their turn. */
const AT_ONCE = 25;

interface Teller {
  tell(news: readonly WindowEvent[]): void;
  /** Tells at once what is still to be told. */
  finish(): void;
}

/** Tells events in order, and many of them in slices: a reload may open thousands of windows. */
function createTeller(listener: (event: WindowEvent) => void): Teller {
  const untold = new Set<WindowEvent>();
  let telling = false;
  function* tellAll(): Generator<undefined, void> {
    let count = 0;
    for (const event of untold) {
      untold.delete(event);
      listener(event);
      count += 1;
      if (count % AT_ONCE === 0) yield;
    }
    telling = false;
  }
  return {
    tell(news) {
      for (const event of news) untold.add(event);
      if (telling || untold.size === 0) return;
      telling = true;
      void inSlices(tellAll());
    },
    finish() {
      for (const event of untold) listener(event);
      untold.clear();
    },
  };
}

/** What happened to one window since it was seen last; notes how it stands now. */
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
  if (last === "waiting" && phase !== "stopped") turns.push({ kind: "started", atMs: window.startsAtMs });
  if (phase === "ended") turns.push({ kind: "ended", atMs: window.endsAtMs ?? window.startsAtMs });
  if (phase === "stopped") turns.push({ kind: "stopped", atMs: window.stoppedAtMs ?? window.startsAtMs });
  return turns;
}

/** When the next window begins or ends; undefined when none will. */
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
    const window = options.ledger.standingOf(rule.identity)?.window;
    return window === undefined ? [] : [{ rule, window }];
  });
}
