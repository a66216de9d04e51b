/**
 * The ledger: who keeps windows and tallies, so that a rule begins once, ends once and fires as often as it says. A port.
 * Its moments, `nowMs` too, are steady readings of the clock: setting the machine's clock moves `from` and `until` in them, and nothing else.
 */
import type { MaybePromise } from "../base/maybe-promise.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Rule } from "./rule.ts";

/** The time in which a rule may act, in steady milliseconds, as the clocks stand now. */
export interface Window {
  readonly startsAtMs: number;
  /** Undefined: until switched off. */
  readonly endsAtMs: number | undefined;
  /** When it was stopped by hand; undefined: it was not. */
  readonly stoppedAtMs: number | undefined;
}

export type Phase = "waiting" | "running" | "ended" | "stopped";

/** What a window is at `nowMs`; its end no longer belongs to it. */
export function phaseOf(window: Window, nowMs: number): Phase {
  if (window.stoppedAtMs !== undefined) return "stopped";
  if (nowMs < window.startsAtMs) return "waiting";
  return window.endsAtMs !== undefined && nowMs >= window.endsAtMs ? "ended" : "running";
}

/** An id by which a call names something whose own id it lacks; `alias` is the body field that it stands in. */
export interface AliasKey {
  readonly alias: string;
  readonly id: string;
}

/** Whose tally a call counts in: one for all (`""`), that of a body field's value, or that of what an answer linked to an alias. */
export type Key = string | AliasKey;

/** The name of the tally of an alias that no answer linked to anything. */
export function unlinked({ alias, id }: AliasKey): string {
  return `${alias}:${id}`;
}

/**
 * Why a rule that matched does not act. `unknown`: the ledger was not told of the rule, or it went long ago.
 * `away`: windows and tallies live elsewhere and cannot be reached, and acting without them could be wrong.
 */
export type Reason = "unknown" | "waiting" | "ended" | "stopped" | "skipped" | "spent" | "unlucky" | "away";

export type Claim =
  | {
      readonly kind: "granted";
      /** 1-based count of the rule's firings under this key. */
      readonly ordinal: number;
      /** The seed of this firing's own rolls. */
      readonly seed: string;
    }
  | { readonly kind: "refused"; readonly reason: Reason };

/** What the page, the metrics and the log show of one rule. */
export interface RuleState {
  readonly window: Window;
  /** Since the window began, over all keys. */
  readonly firings: number;
}

/** `windows`: a window opened, closed or moved. `tallies`: something was counted. */
export type LedgerChange = "windows" | "tallies";

export interface Ledger {
  /**
   * Asks to act for a call that `rule` matches, and books it at once: parallel calls never share a firing.
   * A ledger in the same process answers without a promise.
   */
  claim(rule: Rule, key: Key, nowMs: number): MaybePromise<Claim>;
  /** What `claim` would answer; books nothing. */
  peek(rule: Rule, key: Key, nowMs: number): MaybePromise<Claim>;
  /**
   * Says which rules are in force from now on; call it before the store swaps them in. Windows and tallies of rules that stay active are kept,
   * new ones open, those of rules that went or were switched off close (calls in flight may still claim them for a minute).
   */
  retain(rules: readonly Rule[], nowMs: number): Promise<void>;
  /** Begins the rule's window and tallies anew. False where the rule is not active. */
  rearm(rule: Rule, nowMs: number): Promise<boolean>;
  /** Moves the end of a running or waiting window. False where there is none, or it has no end. */
  extend(identity: string, byMs: number, nowMs: number): Promise<boolean>;
  /** Closes a window before its end; it stays closed until re-armed. False where none is open. */
  stop(identity: string, nowMs: number): Promise<boolean>;
  /** As last known here; undefined for rules that are not active. */
  stateOf(identity: string): RuleState | undefined;
  /** Learns from the content of an answer (its body without content coding) which ids name the same thing. */
  observeAnswer(request: HttpRequest, content: Buffer): void;
  /** Returns how to unsubscribe. */
  subscribe(listener: (change: LedgerChange) => void): () => void;
}
