/**
 * The ledger: a port for windows and tallies, so that a rule starts once, ends once and fires as often as configured.
 * All its times, including `nowMs`, are steady readings of the clock; setting the machine's clock moves only `from` and `until`.
 */
import type { MaybePromise } from "../base/maybe-promise.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Rule } from "./rule.ts";

/** The time in which a rule may act, in steady milliseconds, computed with the current clocks. */
export interface Window {
  readonly startsAtMs: number;
  /** Undefined: until switched off. */
  readonly endsAtMs: number | undefined;
  /** When it was stopped manually; undefined: it was not. */
  readonly stoppedAtMs: number | undefined;
}

export type Phase = "waiting" | "running" | "ended" | "stopped";

/** The phase of a window at `nowMs`; the end is exclusive. */
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
 * Why a matching rule does not act. `unknown`: the ledger does not know the rule, or it was removed long ago.
 * `away`: shared windows and tallies are unreachable, and acting without them could be wrong.
 */
export type Reason = "unknown" | "waiting" | "ended" | "stopped" | "skipped" | "spent" | "unlucky" | "away";

export type Claim =
  | {
      readonly kind: "granted";
      /** 1-based count of the rule's firings under this key. */
      readonly ordinal: number;
      /** The seed of this firing's random numbers. */
      readonly seed: string;
    }
  | { readonly kind: "refused"; readonly reason: Reason };

/** A rule's state for the page, the metrics and the log. */
export interface RuleState {
  readonly window: Window;
  /** Since the window started, over all keys. */
  readonly firings: number;
}

/** `windows`: a window opened, closed or moved. `tallies`: a call was counted. */
export type LedgerChange = "windows" | "tallies";

export interface Ledger {
  /**
   * Requests to act on a call that `rule` matches, and counts it atomically: parallel calls never share a firing.
   * A ledger in the same process answers without a promise.
   */
  claim(rule: Rule, key: Key, nowMs: number): MaybePromise<Claim>;
  /** The result that `claim` would have; counts nothing. */
  peek(rule: Rule, key: Key, nowMs: number): MaybePromise<Claim>;
  /**
   * Sets the active rules; call it before the store replaces them. Windows and tallies of rules that stay active are kept,
   * new ones open, those of removed or inactive rules close (calls in flight may still claim them for a minute).
   */
  retain(rules: readonly Rule[], nowMs: number): Promise<void>;
  /** Restarts the rule's window and tallies. False when the rule is not active. */
  rearm(rule: Rule, nowMs: number): Promise<boolean>;
  /** Moves the end of a running or waiting window. False without a window, or without an end. */
  extend(identity: string, byMs: number, nowMs: number): Promise<boolean>;
  /** Closes a window early; it stays closed until re-armed. False when none is open. */
  stop(identity: string, nowMs: number): Promise<boolean>;
  /** The last known state; undefined for rules that are not active. */
  stateOf(identity: string): RuleState | undefined;
  /** Learns from the content of an answer (its body without content coding) which ids name the same thing. */
  observeAnswer(request: HttpRequest, content: Buffer): void;
  /** Returns a function that unsubscribes. */
  subscribe(listener: (change: LedgerChange) => void): () => void;
}
