/** The stand-in's payments by client and either id; clients cannot see each other's payments. */
import { LRUCache } from "lru-cache";
import type { Payment } from "./payment.ts";

export interface Payments {
  byRequestId(clientId: string, paymentRequestId: string): Payment | undefined;
  byId(clientId: string, paymentId: string): Payment | undefined;
  /** Looks up a payment of any client, for the cashier page. */
  byIdOfAnyone(paymentId: string): Payment | undefined;
  /** Adds a payment, or replaces the one with the same ids. */
  put(payment: Payment): void;
  /** Least recently used first. */
  all(): readonly Payment[];
  clear(): void;
}

/** Identifies a payment by either id; the payment id takes precedence (docs.antom.com/ac/ams/paymentri_online, 2026-11). */
export interface PaymentName {
  readonly paymentId?: string | undefined;
  readonly paymentRequestId?: string | undefined;
}

/** An empty store of at most `limit` payments; evicts the least recently used. */
export function createPayments(limit = 10_000): Payments {
  const keys = new Map<string, string>();
  const byRequest = new LRUCache<string, Payment>({
    max: limit,
    dispose: ({ paymentId }, _key, reason) => {
      if (reason === "evict") keys.delete(paymentId);
    },
  });
  const byIdOfAnyone = (paymentId: string): Payment | undefined => {
    const key = keys.get(paymentId);
    return key === undefined ? undefined : byRequest.get(key);
  };
  return {
    byRequestId: (clientId, paymentRequestId) => byRequest.get(keyOf(clientId, paymentRequestId)),
    byId(clientId, paymentId) {
      const payment = byIdOfAnyone(paymentId);
      return payment?.clientId === clientId ? payment : undefined;
    },
    byIdOfAnyone,
    put(payment) {
      const key = keyOf(payment.clientId, payment.paymentRequestId);
      byRequest.set(key, payment);
      keys.set(payment.paymentId, key);
    },
    all: () => [...byRequest.rvalues()].filter((payment) => payment !== undefined),
    clear() {
      byRequest.clear();
      keys.clear();
    },
  };
}

/** The client's payment with that id; undefined when not found. */
export function findPayment(payments: Payments, clientId: string, name: PaymentName): Payment | undefined {
  if (name.paymentId !== undefined) return payments.byId(clientId, name.paymentId);
  return name.paymentRequestId === undefined ? undefined : payments.byRequestId(clientId, name.paymentRequestId);
}

function keyOf(clientId: string, requestId: string): string {
  return `${clientId} ${requestId}`;
}
