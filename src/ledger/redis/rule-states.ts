/** What this replica last knew of the shared windows: read by the page, the metrics and the log, and acted on while Redis is away. */
import type { RuleState, Window } from "../../rules/ledger.ts";
import type { SharedTime } from "./shared-time.ts";

/** A window as Redis keeps it: epoch milliseconds of Redis's clock as text, empty where there is none. */
export interface SharedWindow {
  readonly starts: string;
  readonly ends: string;
  readonly stopped: string;
}

export interface RuleStates {
  stateOf(identity: string): RuleState | undefined;
  /** The window as it goes back to a Redis that lost it; undefined where none was ever read. */
  lastKnown(identity: string): (SharedWindow & { readonly firings: number }) | undefined;
  /** Takes what the scripts HOLD and READ give of one rule; true when the window moved. */
  take(identity: string, reply: unknown): boolean;
  /** Notes that Redis has counted so many firings. */
  fired(identity: string, firings: number): void;
  /** Forgets all but these. */
  keep(identities: ReadonlySet<string>): void;
}

interface Known extends SharedWindow {
  firings: number;
  /** Fixed when the window is first seen, so that a corrected clock does not look like a new window. */
  readonly startsAtMs: number;
}

export function createRuleStates(time: SharedTime): RuleStates {
  const known = new Map<string, Known>();
  const localOr = (text: string): number | undefined => (text === "" ? undefined : time.toLocal(Number(text)));
  const windowOf = ({ startsAtMs, ends, stopped }: Known): Window => ({
    startsAtMs,
    endsAtMs: localOr(ends),
    stoppedAtMs: localOr(stopped),
  });
  return {
    stateOf(identity) {
      const found = known.get(identity);
      return found === undefined ? undefined : { window: windowOf(found), firings: found.firings };
    },
    lastKnown: (identity) => known.get(identity),
    take(identity, reply) {
      const [starts, ends, stopped, firings] = Array.isArray(reply) ? reply.map(String) : [];
      if (starts === undefined || ends === undefined || stopped === undefined || !/^\d+$/.test(starts)) return false;
      const before = known.get(identity);
      const same = before?.starts === starts;
      const startsAtMs = same ? before.startsAtMs : time.toLocal(Number(starts));
      known.set(identity, { starts, ends, stopped, firings: Number(firings), startsAtMs });
      return !(same && before.ends === ends && before.stopped === stopped);
    },
    fired(identity, firings) {
      const found = known.get(identity);
      if (found !== undefined) found.firings = Math.max(found.firings, firings);
    },
    keep(identities) {
      for (const identity of known.keys()) if (!identities.has(identity)) known.delete(identity);
    },
  };
}
