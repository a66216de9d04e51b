/** The refunds that the stand-in remembers, found by the merchant's id or by its own. */
import { createBoundedMap } from "./bounded-map.ts";
import type { Amount } from "./payment.ts";

export interface Refund {
  readonly clientId: string;
  readonly refundId: string;
  readonly refundRequestId: string;
  readonly paymentId: string;
  readonly amount: Amount;
  /** From whom parts of it are taken back; empty where the request did not say. */
  readonly splitDetails: readonly SplitDetail[];
  readonly atMs: number;
}

/** A part of a refund that is taken back from one recipient of the payment's split (SDKs of 2026-09). */
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

/** An empty store of at most `limit` refunds; the oldest is forgotten first. */
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
