/** The stand-in's payments: the merchant's order, its state, and functions over both. */

/** Money: an ISO 4217 code and a whole number of the currency's smallest unit, as text (docs.antom.com/ac/ams/api_fund, 2026-11). */
export interface Amount {
  readonly currency: string;
  readonly value: string;
}

/** `paymentStatus` of inquiryPayment. The stand-in never uses PENDING. */
export type PaymentStatus = "PROCESSING" | "SUCCESS" | "FAIL" | "CANCELLED";

/** A change to a payment after it succeeded. */
export interface Transaction {
  readonly type: "CAPTURE" | "REFUND" | "CANCEL";
  readonly id: string;
  /** The merchant's id; undefined for a cancellation. */
  readonly requestId: string | undefined;
  readonly amount: Amount;
  readonly atMs: number;
}

export interface Payment {
  readonly clientId: string;
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly amount: Amount;
  /** `ALIPAY_CN`, `CARD` …; undefined for a session whose buyer has not chosen yet. */
  readonly methodType: string | undefined;
  /** The charged token; undefined without one. */
  readonly paymentMethodId: string | undefined;
  readonly status: PaymentStatus;
  /** The result code of a failed payment; undefined otherwise. */
  readonly failureCode: string | undefined;
  /** MANUAL: success is an authorisation; `capture` moves the money. */
  readonly captureMode: "AUTOMATIC" | "MANUAL";
  /** True after a capture with `isLastCapture`. */
  readonly captureClosed: boolean;
  /** True for an order code, which the buyer shows for scanning instead of being redirected. */
  readonly isOrderCode: boolean;
  readonly createdAtMs: number;
  /** When it succeeded, failed or was cancelled; undefined while in process. */
  readonly finishedAtMs: number | undefined;
  /** The merchant's redirect URL for the buyer; undefined when not given. */
  readonly redirectUrl: string | undefined;
  readonly transactions: readonly Transaction[];
}

/** The fields known when a payment is created. */
export type PaymentOrder = Omit<Payment, "status" | "failureCode" | "captureClosed" | "finishedAtMs" | "transactions">;

/** Creates a payment in process. */
export function openPayment(order: PaymentOrder): Payment {
  return { ...order, status: "PROCESSING", failureCode: undefined, captureClosed: false, finishedAtMs: undefined, transactions: [] };
}

/** Lifetime of an authorisation without capture (cards: 7 days, docs.antom.com/ac/cashierpay/capture, 2026-11). */
export const AUTHORISATION_LIFE_MS: number = 7 * 24 * 60 * 60 * 1000;

/** The sum of the payment's transactions of one type, in the smallest unit. */
export function sumOf(payment: Payment, type: Transaction["type"]): bigint {
  let sum = 0n;
  for (const transaction of payment.transactions) {
    if (transaction.type === type) sum += BigInt(transaction.amount.value);
  }
  return sum;
}

/** The amount that can be refunded, before refunds are subtracted. */
export function paidSum(payment: Payment): bigint {
  if (payment.status !== "SUCCESS") return 0n;
  return payment.captureMode === "MANUAL" ? sumOf(payment, "CAPTURE") : BigInt(payment.amount.value);
}

/** Ends the payment as `status` at `atMs`; returns it unchanged when it already ended. */
export function finished(payment: Payment, status: PaymentStatus, atMs: number, failureCode?: string): Payment {
  if (payment.status !== "PROCESSING") return payment;
  return { ...payment, status, finishedAtMs: atMs, failureCode };
}

/** Appends a transaction. */
export function withTransaction(payment: Payment, transaction: Transaction): Payment {
  return { ...payment, transactions: [...payment.transactions, transaction] };
}
