/** Compiled rules and rule sets: the parser's output, read by select on every call. */
import type { Delivery, Effect, Fault } from "../faults/fault.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Arrival, Identity } from "../ports/ports.ts";

export type { Delivery, Effect };

/** The facts about a call that matchers may use. */
export interface Facts {
  readonly request: HttpRequest;
  readonly identity: Identity;
  readonly arrival: Arrival;
  /** The clock's steady reading at the start of the call. */
  readonly nowMs: number;
  /** The request body as JSON, parsed once on demand; undefined when it is not JSON. */
  body(): unknown;
  /** Whether a rule requested the body and it is not JSON. Undefined: not known. */
  readonly isBodyUnreadable?: () => boolean;
}

/** A fact that a matcher requires, so that rules can be indexed by it. */
export interface MatcherKey {
  /** Identifies `valueOf`: `clientId`, `body paymentMethod.paymentMethodType`. */
  readonly fact: string;
  readonly valueOf: (facts: Facts) => string | undefined;
  /** The only values that match. */
  readonly values: readonly string[];
}

/** One compiled condition. */
export interface Matcher {
  readonly kind: string;
  /** For `explain`: `clientId is SANDBOX_A`. */
  readonly summary: string;
  readonly matches: (facts: Facts) => boolean;
  /** True: it needs the call's body. */
  readonly readsBody?: boolean | undefined;
  /** Undefined when no single fact decides. */
  readonly key?: MatcherKey | undefined;
  /** For `explain`: the call's actual value, without secrets; undefined when `summary` is sufficient. */
  readonly found?: (facts: Facts) => string | undefined;
}

/** When and how often a rule acts. */
export interface Activation {
  readonly active: boolean;
  /** Length of the window; undefined: until switched off. */
  readonly durationMs: number | undefined;
  /** Epoch milliseconds: the rule acts from `fromMs` (inclusive) to `untilMs` (exclusive); undefined: no bound. */
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
  /** Matching calls skipped before the rule acts, counted per key. */
  readonly skip: number;
  /** Maximum number of firings, counted per key; undefined: no limit. */
  readonly times: number | undefined;
  /** A matching call fires when its random number in [0, 1) is below this. */
  readonly probability: number;
  /** Dotted path of the body field whose value selects the tally; undefined: one tally for all calls. */
  readonly per: string | undefined;
}

/** The effect of a firing. */
export interface Step {
  /** Number of consecutive firings of this step. */
  readonly times: number;
  /** True: the gateway is called and its answer then changed or forwarded. */
  readonly callUpstream: boolean;
  readonly faults: readonly Fault[];
}

/** Where a rule lives: in the files, or in memory alone. */
export type Layer = "files" | "temporary";

export interface Rule {
  readonly name: string;
  /** The name and a hash of the rule's meaning; spelling, key order, comments, `active` and `description` are ignored. */
  readonly identity: string;
  readonly description: string | undefined;
  /** Its place. */
  readonly file: string;
  readonly line: number;
  readonly layer: Layer;
  /** The operations of the rule; undefined for any. */
  readonly operations: ReadonlySet<string> | undefined;
  readonly matchers: readonly Matcher[];
  readonly activation: Activation;
  /** Body field that stands in for `activation.per` in calls that lack it; undefined: none does. */
  readonly perAlias: string | undefined;
  /** True: the gateway is called and its answer then changed. With `steps`, the value of the first step. */
  readonly callUpstream: boolean;
  /** With `steps`, the faults of the first step. */
  readonly faults: readonly Fault[];
  /** The effects of its firings, in order; a rule without `steps` has one step. */
  readonly steps: readonly Step[];
  /** After the last step: repeat all, repeat the last one, or do nothing (the rule is then spent). */
  readonly afterwards: "repeat" | "last" | "forward";
}

/** All rules in matching order. Immutable; a call in flight keeps its set. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** Hash of all identities in order and of which are active; changes exactly when the meaning changes. */
  readonly version: string;
  /** The active rules that may match a call, in file order; found by operation and keys, at a cost independent of the number of rules. */
  candidates(facts: Facts): readonly Rule[];
}

/** The request of a fired rule to proxy/perform.ts. */
export interface Firing {
  readonly rule: Rule;
  /** 1-based count of the rule's firings under this call's key. */
  readonly ordinal: number;
  /** 1-based index of the performed step. */
  readonly step: number;
  /** The version of the rule's set; undefined for a fault that the caller requested. */
  readonly rulesVersion: string | undefined;
  /** Describes the step's faults for people. */
  readonly action: string;
  readonly callUpstream: boolean;
  readonly effects: readonly Effect[];
}
