/** State that the stand-in's operations share: payments, refunds, cached answers, and the id and URL generators. */
import { type AnswerCache, createAnswerCache } from "./answer-cache.ts";
import type { Reply, SandboxCall } from "./call.ts";
import { createIds } from "./ids.ts";
import { createPayments, type Payments } from "./payments.ts";
import { createRefunds, type Refunds } from "./refunds.ts";

export interface SandboxState {
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly answers: AnswerCache;
  /** Returns a new unique id in Antom's format. */
  readonly newId: (nowMs: number) => string;
  /** URL of the page on which a buyer would pay. */
  readonly cashierUrl: (paymentId: string) => string;
}

/** One operation of the stand-in. It reads and writes the state synchronously. */
export type Implementation = (call: SandboxCall, state: SandboxState) => Reply;

/** Creates an empty state; `cashierUrl` returns the URL of a payment's page. */
export function createSandboxState(cashierUrl: (paymentId: string) => string): SandboxState {
  return {
    payments: createPayments(),
    refunds: createRefunds(),
    answers: createAnswerCache(),
    newId: createIds(),
    cashierUrl,
  };
}

/** Removes all payments, refunds and cached answers; ids stay unique. */
export function clearSandboxState(state: SandboxState): void {
  state.payments.clear();
  state.refunds.clear();
  state.answers.clear();
}
