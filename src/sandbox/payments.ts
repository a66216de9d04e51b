/** The payments that the stand-in remembers, found by the merchant's id or by its own; no client sees another client's. */
import { createBoundedMap } from "./bounded-map.ts";
import type { Payment } from "./payment.ts";

export interface Payments {
  byRequestId(clientId: string, paymentRequestId: string): Payment | undefined;
  byId(clientId: string, paymentId: string): Payment | undefined;
  /** For the cashier's page, which knows no client. */
  byIdOfAnyone(paymentId: string): Payment | undefined;
  /** Adds it, or puts it in the place of the one with the same ids. */
  put(payment: Payment): void;
  /** Oldest first. */
  all(): readonly Payment[];
  clear(): void;
}

/** What identifies a payment where either id may be given; the payment id wins (docs.antom.com/ac/ams/paymentri_online, 2026-11). */
export interface PaymentName {
  readonly paymentId?: string | undefined;
  readonly paymentRequestId?: string | undefined;
}

/** An empty store of at most `limit` payments; the oldest is forgotten first. */
export function createPayments(limit = 10_000): Payments {
  const byRequest = createBoundedMap<Payment>(limit);
  const keys = new Map<string, string>();
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
      const dropped = byRequest.set(key, payment);
      keys.set(payment.paymentId, key);
      if (dropped !== undefined) keys.delete(dropped.paymentId);
    },
    all: () => byRequest.values(),
    clear() {
      byRequest.clear();
      keys.clear();
    },
  };
}

/** The client's payment of that name; undefined when there is none. */
export function findPayment(payments: Payments, clientId: string, name: PaymentName): Payment | undefined {
  if (name.paymentId !== undefined) return payments.byId(clientId, name.paymentId);
  return name.paymentRequestId === undefined ? undefined : payments.byRequestId(clientId, name.paymentRequestId);
}

function keyOf(clientId: string, requestId: string): string {
  return `${clientId} ${requestId}`;
}
