/** Faults and their effects: the only operations that a rule can request from the proxy. */

import type { z } from "zod";
import type { MaybePromise } from "../base/maybe-promise.ts";
import type { HttpRequest, HttpResponse, RawHeaders } from "../http/message.ts";
import { type Compiled, readShape } from "./mistakes.ts";

export type { Compiled, Mistake } from "./mistakes.ts";

/** How the answer's bytes are sent: `hang` sends nothing until the client disconnects; `empty` closes the connection without a byte. */
export type Delivery =
  | { readonly kind: "reset" | "hang" | "close" | "empty" }
  | { readonly kind: "truncate"; readonly afterBytes: number | undefined }
  | { readonly kind: "throttle"; readonly bytesPerSecond: number };

/** One operation of proxy/perform.ts. For a new one, add a member here; the compiler then reports the switches that lack it. */
export type Effect =
  /** Waits before the answer is sent (and after the gateway was called, if it is called). */
  | { readonly kind: "wait"; readonly ms: number }
  /**
   * Answers instead of the gateway. `make` gets the gateway's headers (undefined when it was not called) but never its body, so the
   * result does not depend on the gateway's signature. `signed: false`: the answer is sent unsigned, as from a machine in between.
   */
  | { readonly kind: "make"; readonly signed: boolean; readonly make: (theirHeaders: RawHeaders | undefined) => HttpResponse }
  /**
   * Changes the answer before it is signed, with its content coding removed. The answer keeps its origin: an answer of the gateway is
   * signed only if the gateway's own signature verified.
   */
  | { readonly kind: "change"; readonly change: (answer: HttpResponse) => HttpResponse }
  /** Damages an answer that the proxy has signed; the signer does not repair it. An unsigned answer is left unchanged. */
  | { readonly kind: "tamper"; readonly spoil: (sealed: HttpResponse, tampering: Tampering) => MaybePromise<HttpResponse> }
  /** Decides how the client's connection behaves. */
  | { readonly kind: "deliver"; readonly delivery: Delivery };

/** The inputs for damaging a signed answer. */
export interface Tampering {
  readonly request: HttpRequest;
  /** The signed bytes. */
  readonly signedContent: Buffer;
}

/** The inputs of a fault when it acts. */
export interface FaultContext {
  readonly request: HttpRequest;
  readonly nowMs: number;
  /** The next number in [0, 1) of this firing's repeatable sequence. */
  random(): number;
}

/** A compiled fault without side effects; `effects` is called once per firing. */
export interface Fault {
  readonly kind: string;
  /** For `explain`, the page and the log: `answers RISK_REJECT (F)`. */
  readonly summary: string;
  /**
   * `makes`: the fault creates the answer, so the gateway need not be called; a rule may have only one such fault.
   * `needs`: the fault changes an answer, so the gateway is called unless another fault makes one. Undefined: neither.
   */
  readonly answer?: "makes" | "needs";
  /** True: the fault decides how the connection behaves; a rule may have only one such fault. */
  readonly delivers?: boolean;
  /** The result code of the answer, for the page; undefined when the fault sets none. */
  readonly resultCode?: string;
  /** The authored value in normal form, for the rule's identity; undefined: the value as authored. */
  readonly meaning?: unknown;
  readonly effects: (context: FaultContext) => readonly Effect[];
}

/** The rule's properties that a fault may use while it is compiled. */
export interface RuleSite {
  /** The operations in the rule; undefined for any (`"*"`, a path). */
  readonly operations: readonly string[] | undefined;
  /** The rule contains `allowUnknown: true`. */
  readonly allowUnknown: boolean;
}

/** One key of the rules file that names a fault, with its schema (also the source of the JSON Schema) and compiler. */
export interface FaultKind {
  readonly key: string;
  readonly schema: z.ZodType;
  /** `value` is as authored; schema errors are returned like all other mistakes. */
  compile(value: unknown, site: RuleSite): Compiled<Fault>;
}

/** Creates a FaultKind whose `compile` gets the value parsed by `schema`. */
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
