/** Opens, moves and closes the windows of the embedded ledger. */
import type { Ledger, Window } from "../ledger.ts";
import { phaseOf } from "../ledger.ts";
import { type Entries, type Entry, openEntry } from "./entry.ts";

/** How long a rule that left the files still serves calls in flight. */
const LINGER_MS = 60_000;

/** The part of a ledger that has to do with windows; `changed` is called after each change. */
export function createWindows(entries: Entries, changed: () => void): Pick<Ledger, "retain" | "rearm" | "extend" | "stop" | "standingOf"> {
  const inForce = (identity: string): Entry | undefined => {
    const entry = entries.get(identity);
    return entry?.goneAtMs === undefined ? entry : undefined;
  };
  const move = (identity: string, nowMs: number, to: (window: Window) => Window | undefined): boolean => {
    const entry = inForce(identity);
    if (entry === undefined || !isOpen(entry.window, nowMs)) return false;
    const window = to(entry.window);
    if (window === undefined) return false;
    entry.window = window;
    changed();
    return true;
  };
  return {
    async retain(rules, nowMs) {
      const active = rules.filter((rule) => rule.activation.active);
      release(entries, new Set(active.map((rule) => rule.identity)), nowMs);
      const fresh = active.filter((rule) => inForce(rule.identity) === undefined);
      for (const rule of fresh) entries.set(rule.identity, openEntry(rule.activation, nowMs));
      changed();
    },
    async rearm(rule, nowMs) {
      if (inForce(rule.identity) === undefined) return false;
      entries.set(rule.identity, openEntry(rule.activation, nowMs));
      changed();
      return true;
    },
    async extend(identity, byMs, nowMs) {
      return move(identity, nowMs, (window) =>
        window.endsAtMs === undefined ? undefined : { ...window, endsAtMs: window.endsAtMs + byMs },
      );
    },
    async stop(identity, nowMs) {
      return move(identity, nowMs, (window) => ({ ...window, stoppedAtMs: nowMs }));
    },
    standingOf(identity) {
      const entry = inForce(identity);
      return entry === undefined ? undefined : { window: entry.window, firings: entry.firings };
    },
  };
}

function isOpen(window: Window, nowMs: number): boolean {
  const phase = phaseOf(window, nowMs);
  return phase === "running" || phase === "waiting";
}

/** Lets go of all but `kept`: first for calls in flight only, later for good. */
function release(entries: Entries, kept: ReadonlySet<string>, nowMs: number): void {
  for (const [identity, entry] of entries) {
    if (kept.has(identity)) continue;
    entry.goneAtMs ??= nowMs;
    if (nowMs - entry.goneAtMs > LINGER_MS) entries.delete(identity);
  }
}
