/** What the pipeline asks of a listener: to read a call's body, to carry it untouched, and to write its answer. A port. */
import type { Delivery } from "../faults/fault.ts";
import type { HttpResponse } from "../http/message.ts";
import type { GoneSignal, StreamResult } from "../ports/ports.ts";

/** What came of reading a body: all of it, the pieces read before it passed the limit, or nothing because the client went away. */
export type BodyRead =
  | { readonly kind: "whole"; readonly body: Buffer }
  | { readonly kind: "over-limit"; readonly prefix: readonly Buffer[] }
  | { readonly kind: "broken" };

/** What is sent. */
export interface Reply {
  /** Undefined: no answer; `delivery` tells what happens to the connection. */
  readonly response: HttpResponse | undefined;
  readonly delivery: Delivery | undefined;
}

/** Where and for whom a call is carried. */
export interface Carried {
  /** `https://host[:port]`. */
  readonly origin: string;
  readonly gone: GoneSignal;
  /** Body bytes already read. */
  readonly prefix: readonly Buffer[];
}

/** One for each kind of wire, shared by all its calls. Methods, not properties: the pipeline hands each wire to its own transport alone. */
export interface Transport<Wire> {
  /** False: a body is never read, so the call can only be carried. */
  readonly reads: boolean;
  /** Why a call of this kind can go nowhere, whoever it is for: it is answered 400. Undefined: nothing is wrong with it. */
  objection(wire: Wire): string | undefined;
  /** Reads the body up to the transport's limit. Never rejects. */
  read(wire: Wire): Promise<BodyRead>;
  /** Carries the call untouched. Never rejects. */
  carry(wire: Wire, carried: Carried): Promise<StreamResult>;
  /** Sends the answer, or does to the connection what the delivery says. Resolves when a slow answer is out. */
  write(wire: Wire, reply: Reply, gone: GoneSignal): Promise<void> | undefined;
  /** Whether the head of an answer has been sent. */
  hasResponded(wire: Wire): boolean;
  /** Ends a call that a bug broke: answers 500, or breaks the connection off. Gives the status that was sent, if any. */
  giveUp(wire: Wire): number | undefined;
}
