/** What a fault is, and the effects it may ask for: the only words in which a rule tells the proxy what to do. */

import type { z } from "zod";
import type { Awaitable } from "../base/maybe-promise.ts";
import type { HttpRequest, HttpResponse, RawHeaders } from "../http/message.ts";
import { type Compiled, readShape } from "./mistakes.ts";

export type { Compiled, Mistake } from "./mistakes.ts";

/** How the answer's bytes reach the client: `hang` sends nothing until the client gives up; `empty` ends the connection without a byte. */
export type Delivery =
  | { readonly kind: "reset" | "hang" | "close" | "empty" }
  | { readonly kind: "truncate"; readonly afterBytes: number | undefined }
  | { readonly kind: "throttle"; readonly bytesPerSecond: number };

/** One thing that proxy/perform.ts does for a fault. A new need of the wire is a new member here; the compiler names the switch that lacks it. */
export type Effect =
  /** Waits before the answer is sent (and after the gateway was called, where it is). */
  | { readonly kind: "wait"; readonly ms: number }
  /**
   * Answers in the gateway's place. `make` is given the gateway's header lines (undefined where it was not called) and never its body: nothing of
   * what it gives needs the gateway's word. `signed: false`: it goes out without a signature, as from a machine in between.
   */
  | { readonly kind: "make"; readonly signed: boolean; readonly make: (theirHeaders: RawHeaders | undefined) => HttpResponse }
  /**
   * Changes the answer before it is signed; the content coding is undone. It stays the answer of whoever made it: one of the gateway's is signed
   * only if the gateway's own signature verified.
   */
  | { readonly kind: "change"; readonly change: (answer: HttpResponse) => HttpResponse }
  /** Spoils an answer that the proxy has signed, so that the signer cannot repair it; one that is not signed is left as it is. */
  | { readonly kind: "tamper"; readonly spoil: (sealed: HttpResponse, tampering: Tampering) => Awaitable<HttpResponse> }
  /** Decides what the client's connection sees. */
  | { readonly kind: "deliver"; readonly delivery: Delivery };

/** What is known of a signed answer that is spoilt. */
export interface Tampering {
  readonly request: HttpRequest;
  /** What the signature covers. */
  readonly signedContent: Buffer;
}

/** What a fault may know when it acts. */
export interface FaultContext {
  readonly request: HttpRequest;
  readonly nowMs: number;
  /** A repeatable number in [0, 1), the next of this firing's own sequence. */
  roll(): number;
}

/** A compiled fault: pure; `effects` is asked once a firing. */
export interface Fault {
  readonly kind: string;
  /** For `explain`, the page and the log: `answers RISK_REJECT (F)`. */
  readonly summary: string;
  /**
   * `makes`: it gives the answer itself, so the gateway need not be called, and no second such fault may stand beside it.
   * `needs`: it only changes an answer, so the gateway is called unless another fault makes one. Undefined: neither.
   */
  readonly answer?: "makes" | "needs";
  /** True: it decides what the connection sees; two such faults cannot stand in one rule. */
  readonly delivers?: boolean;
  /** The result code that the answer will carry, for the page; undefined where the fault gives none. */
  readonly resultCode?: string;
  /** The authored value in its one normal form, for the rule's identity; undefined: as authored. */
  readonly meaning?: unknown;
  readonly effects: (context: FaultContext) => readonly Effect[];
}

/** What a fault may know of the rule it stands in while it is compiled. */
export interface RuleSite {
  /** The operations the rule names; undefined when it takes any (`"*"`, a path). */
  readonly operations: readonly string[] | undefined;
  /** `allowUnknown: true` stands in the rule. */
  readonly allowUnknown: boolean;
}

/** One word of the rules file that names a fault, with its shape (also the source of the JSON Schema) and its meaning. */
export interface FaultKind {
  readonly key: string;
  readonly schema: z.ZodType;
  /** `value` is as authored; shape mistakes are returned like all others. */
  compile(value: unknown, site: RuleSite): Compiled<Fault>;
}

/** Builds a FaultKind whose `compile` is given the value already read by `schema`. */
export function defineFault<T>(definition: {
  readonly key: string;
  readonly schema: z.ZodType<T>;
  readonly compile: (value: T, site: RuleSite) => Compiled<Fault>;
}): FaultKind {
  return {
    key: definition.key,
    schema: definition.schema,
    compile(value, site) {
      const read = readShape(definition.schema, value, definition.key);
      return read.kind === "bad" ? read : definition.compile(read.value, site);
    },
  };
}
