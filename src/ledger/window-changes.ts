/** Opens, moves and closes the windows of the embedded ledger. */
import type { Ledger } from "../rules/ledger.ts";
import { phaseOf } from "../rules/ledger.ts";
import type { Rule } from "../rules/rule.ts";
import { type Entries, type Entry, openEntry, setWindow, windowOf } from "./entry.ts";
import { extendWindow, type KeptWindow } from "./kept-window.ts";

/** How long a removed rule still serves calls in flight. */
const LINGER_MS = 60_000;

type WindowChanges = Pick<Ledger, "retain" | "rearm" | "extend" | "stop" | "stateOf">;

/** The window methods of a ledger; `changed` is called after each change. */
export function createWindows(entries: Entries, steady: () => number, changed: () => void): WindowChanges {
  const { inForce } = entries;
  const open = ({ identity, activation }: Rule, nowMs: number): void => {
    inForce.set(identity, openEntry(activation, nowMs));
    entries.gone.delete(identity);
  };
  const move = (identity: string, nowMs: number, to: (kept: KeptWindow) => KeptWindow | undefined): boolean => {
    const entry = inForce.get(identity);
    if (entry === undefined || !isOpen(entry, nowMs, entries)) return false;
    const moved = to(entry.kept);
    if (moved === undefined) return false;
    setWindow(entry, moved);
    changed();
    return true;
  };
  return {
    async retain(rules, nowMs) {
      const active = rules.filter((rule) => rule.activation.active);
      release(entries, new Set(active.map((rule) => rule.identity)), nowMs);
      for (const rule of active) if (!inForce.has(rule.identity)) open(rule, nowMs);
      changed();
    },
    async rearm(rule, nowMs) {
      if (!inForce.has(rule.identity)) return false;
      open(rule, nowMs);
      changed();
      return true;
    },
    async extend(identity, byMs, nowMs) {
      return move(identity, nowMs, (kept) => extendWindow(kept, byMs));
    },
    async stop(identity, nowMs) {
      return move(identity, nowMs, (kept) => ({ ...kept, stoppedAtMs: nowMs }));
    },
    stateOf(identity) {
      const entry = inForce.get(identity);
      return entry === undefined ? undefined : { window: windowOf(entry, steady(), entries), firings: entry.firings };
    },
  };
}

function isOpen(entry: Entry, nowMs: number, entries: Entries): boolean {
  const phase = phaseOf(windowOf(entry, nowMs, entries), nowMs);
  return phase === "running" || phase === "waiting";
}

/** Releases all rules except `kept`: first they serve only calls in flight, later they are removed. */
function release({ inForce, gone }: Entries, kept: ReadonlySet<string>, nowMs: number): void {
  for (const [identity, { sinceMs }] of gone) {
    if (nowMs - sinceMs <= LINGER_MS) break;
    gone.delete(identity);
  }
  for (const [identity, entry] of inForce) {
    if (kept.has(identity)) continue;
    inForce.delete(identity);
    gone.set(identity, { entry, sinceMs: nowMs });
  }
}
