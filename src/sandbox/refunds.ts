/** The stand-in's refunds by client and either id. */
import { responseTime } from "../antom/times.ts";
import { createBoundedMap } from "./bounded-map.ts";
import type { Amount } from "./payment.ts";

export interface Refund {
  readonly clientId: string;
  readonly refundId: string;
  readonly refundRequestId: string;
  readonly paymentId: string;
  readonly amount: Amount;
  /** The split of the refund between recipients; empty when the request has none. */
  readonly splitDetails: readonly SplitDetail[];
  readonly atMs: number;
}

/** The part of a refund that one recipient of the payment's split pays back (SDKs of 2026-09). */
export interface SplitDetail {
  readonly splitTo: "SELLER" | "MARKETPLACE" | "PLATFORM" | "ISV";
  readonly splitAmount: Amount;
  readonly description?: string | undefined;
}

export interface Refunds {
  byRequestId(clientId: string, refundRequestId: string): Refund | undefined;
  byId(clientId: string, refundId: string): Refund | undefined;
  add(refund: Refund): void;
  clear(): void;
}

/** An empty store of at most `limit` refunds; evicts the oldest. */
export function createRefunds(limit = 10_000): Refunds {
  const byRequest = createBoundedMap<Refund>(limit);
  const byId = createBoundedMap<Refund>(limit);
  return {
    byRequestId: (clientId, refundRequestId) => byRequest.get(`${clientId} ${refundRequestId}`),
    byId: (clientId, refundId) => byId.get(`${clientId} ${refundId}`),
    add(refund) {
      byRequest.set(`${refund.clientId} ${refund.refundRequestId}`, refund);
      byId.set(`${refund.clientId} ${refund.refundId}`, refund);
    },
    clear() {
      byRequest.clear();
      byId.clear();
    },
  };
}

/** The ids, amount and time of a refund, for the answers of refund and inquiryRefund. */
export function refundFields(refund: Refund): Record<string, unknown> {
  return {
    refundRequestId: refund.refundRequestId,
    refundId: refund.refundId,
    refundAmount: refund.amount,
    refundTime: responseTime(refund.atMs),
  };
}
