/** A compiled rule and a set of them: what the parser makes, what select reads on every call. */
import type { Delivery, Effect, Fault } from "../faults/fault.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Arrival, Identity } from "../ports.ts";

export type { Delivery, Effect };

/** What a matcher may look at. */
export interface Facts {
  readonly request: HttpRequest;
  readonly identity: Identity;
  readonly arrival: Arrival;
  readonly nowMs: number;
  /** The request body as JSON, parsed once when first asked for; undefined when it is not JSON. */
  body(): unknown;
}

/** One compiled condition. */
export interface Matcher {
  readonly kind: string;
  /** For `explain`: `clientId is SANDBOX_A`. */
  readonly summary: string;
  readonly matches: (facts: Facts) => boolean;
}

/** When and how often a rule acts. */
export interface Activation {
  readonly active: boolean;
  /** Length of the window; undefined: until switched off. */
  readonly durationMs: number | undefined;
}

export interface Rule {
  readonly name: string;
  /** The name plus a hash of the rule's meaning: spelling, key order and comments do not count. */
  readonly identity: string;
  /** Where it stands. */
  readonly file: string;
  readonly line: number;
  /** The operations it names; undefined when it takes any. */
  readonly operations: ReadonlySet<string> | undefined;
  readonly matchers: readonly Matcher[];
  readonly activation: Activation;
  /** True: the gateway is called and its answer then changed. */
  readonly callUpstream: boolean;
  readonly faults: readonly Fault[];
}

/** All rules in force, in the order in which they are tried. Immutable; a call in flight keeps the set it began with. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** Hash of all identities in order: changes when, and only when, the meaning does. */
  readonly version: string;
  /** The active rules that can concern an operation (undefined: a path unknown to the catalogue), in file order. */
  candidates(operation: string | undefined): readonly Rule[];
}

/** What a rule that fired asks of proxy/perform.ts. */
export interface Firing {
  readonly rule: Rule;
  /** 1-based count of the rule's firings under this call's key. */
  readonly ordinal: number;
  readonly callUpstream: boolean;
  readonly effects: readonly Effect[];
}
