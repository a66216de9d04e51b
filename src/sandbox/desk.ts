/** What the operations of the stand-in share: all that it remembers, and how it names things. */
import { type Answered, createAnswered } from "./answered.ts";
import type { Call, Reply } from "./call.ts";
import { createIds } from "./ids.ts";
import { createPayments, type Payments } from "./payments.ts";
import { createRefunds, type Refunds } from "./refunds.ts";

export interface Desk {
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly answered: Answered;
  /** A new id of Antom's kind, never given twice. */
  readonly newId: (nowMs: number) => string;
  /** The page on which a buyer would pay. */
  readonly cashierUrl: (paymentId: string) => string;
}

/** One operation of the stand-in. Reads and writes the desk without waiting in between. */
export type Operate = (call: Call, desk: Desk) => Reply;

/** An empty desk; `cashierUrl` gives the address of a payment's page. */
export function createDesk(cashierUrl: (paymentId: string) => string): Desk {
  return {
    payments: createPayments(),
    refunds: createRefunds(),
    answered: createAnswered(),
    newId: createIds(),
    cashierUrl,
  };
}

/** Forgets all payments, refunds and answers; ids go on counting. */
export function clearDesk(desk: Desk): void {
  desk.payments.clear();
  desk.refunds.clear();
  desk.answered.clear();
}
