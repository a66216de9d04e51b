/** A compiled rule and a set of them: what the parser makes, what select reads on every call. */
import type { Delivery, Effect, Fault } from "../faults/fault.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Arrival, Identity } from "../ports/ports.ts";

export type { Delivery, Effect };

/** What a matcher may look at. */
export interface Facts {
  readonly request: HttpRequest;
  readonly identity: Identity;
  readonly arrival: Arrival;
  /** The clock's steady reading when the call began. */
  readonly nowMs: number;
  /** The request body as JSON, parsed once when first asked for; undefined when it is not JSON. */
  body(): unknown;
  /** Whether a rule asked for the body and it is not JSON. Undefined: not known. */
  readonly isBodyUnreadable?: () => boolean;
}

/** A fact that a matcher cannot do without, so that rules can be found by it instead of being tried one by one. */
export interface MatcherKey {
  /** Equal for equal `valueOf`: `clientId`, `body paymentMethod.paymentMethodType`. */
  readonly fact: string;
  readonly valueOf: (facts: Facts) => string | undefined;
  /** The matcher holds for none but these. */
  readonly values: readonly string[];
}

/** One compiled condition. */
export interface Matcher {
  readonly kind: string;
  /** For `explain`: `clientId is SANDBOX_A`. */
  readonly summary: string;
  readonly matches: (facts: Facts) => boolean;
  /** True: it asks for the call's body. */
  readonly readsBody?: boolean | undefined;
  /** Undefined where no single fact decides. */
  readonly key?: MatcherKey | undefined;
  /** For `explain`: what stood in the call instead, without secrets; undefined where `summary` says enough. */
  readonly found?: (facts: Facts) => string | undefined;
}

/** When and how often a rule acts. */
export interface Activation {
  readonly active: boolean;
  /** Length of the window; undefined: until switched off. */
  readonly durationMs: number | undefined;
  /** Epoch milliseconds before which, and from which on, the rule does not act; undefined: no bound. */
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
  /** Matching calls let through before the rule acts, counted per key. */
  readonly skip: number;
  /** Firings after which the rule is spent, counted per key; undefined: no end. */
  readonly times: number | undefined;
  /** A matching call fires when its random number in [0, 1) is below this. */
  readonly probability: number;
  /** Dotted path of the body field whose value is the key of the tallies; undefined: one tally for all calls. */
  readonly per: string | undefined;
}

/** What a firing does. */
export interface Step {
  /** How many firings in a row it lasts. */
  readonly times: number;
  /** True: the gateway is called and its answer then changed, or left alone. */
  readonly callUpstream: boolean;
  readonly faults: readonly Fault[];
}

/** Where a rule lives: in the files, or in memory alone. */
export type Layer = "files" | "temporary";

export interface Rule {
  readonly name: string;
  /** The name plus a hash of the rule's meaning: spelling, key order, comments, `active` and `description` do not count. */
  readonly identity: string;
  readonly description: string | undefined;
  /** Where it stands. */
  readonly file: string;
  readonly line: number;
  readonly layer: Layer;
  /** The operations it names; undefined when it takes any. */
  readonly operations: ReadonlySet<string> | undefined;
  readonly matchers: readonly Matcher[];
  readonly activation: Activation;
  /** Body field that stands in for `activation.per` in calls that lack it; undefined: none does. */
  readonly perAlias: string | undefined;
  /** True: the gateway is called and its answer then changed. That of the first step where there are steps. */
  readonly callUpstream: boolean;
  /** Those of the first step where there are steps. */
  readonly faults: readonly Fault[];
  /** What its firings do, in order; a rule without `steps` has one. */
  readonly steps: readonly Step[];
  /** What comes after the last step: all again, the last one for ever, or nothing (the rule is then spent). */
  readonly afterwards: "repeat" | "last" | "forward";
}

/** All rules in force, in the order in which they are tried. Immutable; a call in flight keeps the set it began with. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** Hash of all identities in order and of which are active: changes when, and only when, the meaning does. */
  readonly version: string;
  /** The active rules that can concern a call, in file order; found by operation and keys, at a cost that does not grow with the rules. */
  candidates(facts: Facts): readonly Rule[];
}

/** What a rule that fired asks of proxy/perform.ts. */
export interface Firing {
  readonly rule: Rule;
  /** 1-based count of the rule's firings under this call's key. */
  readonly ordinal: number;
  /** 1-based place of the step that is performed. */
  readonly step: number;
  /** The version of the set that the rule stands in; undefined for a fault that the caller asked for. */
  readonly rulesVersion: string | undefined;
  /** What the step's faults do, for a person. */
  readonly action: string;
  readonly callUpstream: boolean;
  readonly effects: readonly Effect[];
}
