/** The stand-in's refunds by client and either id. */

import { LRUCache } from "lru-cache";
import { responseTime } from "../antom/times.ts";
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

/** An empty store of at most `limit` refunds; evicts the least recently used. */
export function createRefunds(limit = 10_000): Refunds {
  const keys = new Map<string, string>();
  const byRequest = new LRUCache<string, Refund>({
    max: limit,
    dispose: ({ clientId, refundId }, _key, reason) => {
      if (reason === "evict") keys.delete(keyOf(clientId, refundId));
    },
  });
  return {
    byRequestId: (clientId, refundRequestId) => byRequest.get(keyOf(clientId, refundRequestId)),
    byId: (clientId, refundId) => byRequest.get(keys.get(keyOf(clientId, refundId)) ?? ""),
    add(refund) {
      const key = keyOf(refund.clientId, refund.refundRequestId);
      byRequest.set(key, refund);
      keys.set(keyOf(refund.clientId, refund.refundId), key);
    },
    clear() {
      byRequest.clear();
      keys.clear();
    },
  };
}

function keyOf(clientId: string, id: string): string {
  return `${clientId} ${id}`;
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
