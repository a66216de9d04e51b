/** Says when windows begin and end, with one timer for whatever comes next. */
import type { Clock } from "../ports.ts";
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
  /** Looks again; call after the store swapped its rules. Changes in the ledger are noticed by themselves. */
  refresh(): void;
  close(): void;
}

/** Begins to watch; the first look is taken at once. */
export function watchWindows(options: WindowsOptions): Windows {
  const { ledger, clock, seenAtMs } = options;
  const known = new Map<string, { phase: Phase; startsAtMs: number }>();
  let timer = new AbortController();
  let closed = false;

  const look = (): void => {
    const nowMs = clock.now();
    const open = openWindows(options);
    for (const { rule, window } of open) {
      const before = known.get(rule.identity) ?? seenBefore(window, seenAtMs);
      const phase = phaseOf(window, nowMs);
      known.set(rule.identity, { phase, startsAtMs: window.startsAtMs });
      for (const turn of turnsBetween(before, window, phase)) options.listener({ ...turn, rule, window });
    }
    forgetOthers(known, open);
  };
  const arm = (): void => {
    timer.abort();
    timer = new AbortController();
    const nextMs = nextTurn(options, clock.now());
    if (nextMs === undefined) return;
    clock.sleep(Math.max(1, Math.ceil(nextMs - clock.now())), timer.signal).then(refresh, () => undefined);
  };
  const refresh = (): void => {
    if (closed) return;
    look();
    arm();
  };
  const unsubscribe = ledger.subscribe((change) => {
    if (change === "windows") refresh();
  });
  refresh();
  return {
    refresh,
    close() {
      closed = true;
      unsubscribe();
      timer.abort();
    },
  };
}

function forgetOthers(known: Map<string, unknown>, open: readonly { readonly rule: Rule }[]): void {
  const present = new Set(open.map(({ rule }) => rule.identity));
  for (const identity of known.keys()) if (!present.has(identity)) known.delete(identity);
}

function seenBefore(window: Window, seenAtMs: number | undefined): { phase: Phase; startsAtMs: number } | undefined {
  if (seenAtMs === undefined || window.startsAtMs > seenAtMs) return undefined;
  const atThatTime = window.stoppedAtMs !== undefined && window.stoppedAtMs > seenAtMs ? { ...window, stoppedAtMs: undefined } : window;
  return { phase: phaseOf(atThatTime, seenAtMs), startsAtMs: window.startsAtMs };
}

type Turn = Pick<WindowEvent, "kind" | "atMs">;

function turnsBetween(before: { phase: Phase; startsAtMs: number } | undefined, window: Window, phase: Phase): Turn[] {
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
function nextTurn(options: WindowsOptions, nowMs: number): number | undefined {
  let next = Number.POSITIVE_INFINITY;
  for (const { window } of openWindows(options)) {
    if (window.stoppedAtMs !== undefined) continue;
    if (window.startsAtMs > nowMs) next = Math.min(next, window.startsAtMs);
    if (window.endsAtMs !== undefined && window.endsAtMs > nowMs) next = Math.min(next, window.endsAtMs);
  }
  return Number.isFinite(next) ? next : undefined;
}

function openWindows(options: WindowsOptions): { rule: Rule; window: Window }[] {
  return options.rules().rules.flatMap((rule) => {
    const window = options.ledger.standingOf(rule.identity)?.window;
    return window === undefined ? [] : [{ rule, window }];
  });
}
