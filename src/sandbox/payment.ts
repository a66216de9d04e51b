/** A payment as the stand-in keeps it: what the merchant asked for, what became of it, and the questions that are asked of it. */

/** Money: an ISO 4217 code and a whole number of the currency's smallest unit, as text (docs.antom.com/ac/ams/api_fund, 2026-11). */
export interface Amount {
  readonly currency: string;
  readonly value: string;
}

/** `paymentStatus` of inquiryPayment, less PENDING, which the stand-in never gives. */
export type PaymentStatus = "PROCESSING" | "SUCCESS" | "FAIL" | "CANCELLED";

/** Something that happened to a payment after it succeeded. */
export interface Transaction {
  readonly type: "CAPTURE" | "REFUND" | "CANCEL";
  readonly id: string;
  /** The merchant's id for it; undefined for a cancellation, which has none. */
  readonly requestId: string | undefined;
  readonly amount: Amount;
  readonly atMs: number;
}

export interface Payment {
  readonly clientId: string;
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly amount: Amount;
  /** `ALIPAY_CN`, `CARD` …; undefined for a session in which the buyer has not chosen yet. */
  readonly methodType: string | undefined;
  /** The token that was charged; undefined without one. */
  readonly paymentMethodId: string | undefined;
  readonly status: PaymentStatus;
  /** The result code of a payment that failed; undefined otherwise. */
  readonly failureCode: string | undefined;
  /** MANUAL: a success is an authorisation, and the money moves with `capture`. */
  readonly captureMode: "AUTOMATIC" | "MANUAL";
  /** True once a capture said that it was the last one. */
  readonly captureClosed: boolean;
  /** True for an order code, which the buyer scans at the till instead of being redirected. */
  readonly isOrderCode: boolean;
  readonly createdAtMs: number;
  /** When it succeeded, failed or was cancelled; undefined while in process. */
  readonly finishedAtMs: number | undefined;
  /** Where the merchant wants the buyer to be sent; undefined where it did not say. */
  readonly redirectUrl: string | undefined;
  readonly transactions: readonly Transaction[];
}

/** What is known of a payment when it is asked for. */
export type PaymentOrder = Omit<Payment, "status" | "failureCode" | "captureClosed" | "finishedAtMs" | "transactions">;

/** A new payment, in process. */
export function openPayment(order: PaymentOrder): Payment {
  return { ...order, status: "PROCESSING", failureCode: undefined, captureClosed: false, finishedAtMs: undefined, transactions: [] };
}

/** An authorisation that nobody captured lapses after this long (cards: 7 days, docs.antom.com/ac/cashierpay/capture, 2026-11). */
export const AUTHORISATION_LIFE_MS: number = 7 * 24 * 60 * 60 * 1000;

/** The sum of the payment's transactions of one type, in the smallest unit. */
export function sumOf(payment: Payment, type: Transaction["type"]): bigint {
  let sum = 0n;
  for (const transaction of payment.transactions) {
    if (transaction.type === type) sum += BigInt(transaction.amount.value);
  }
  return sum;
}

/** The money that has moved and could be given back, refunds not taken off. */
export function paidSum(payment: Payment): bigint {
  if (payment.status !== "SUCCESS") return 0n;
  return payment.captureMode === "MANUAL" ? sumOf(payment, "CAPTURE") : BigInt(payment.amount.value);
}

/** The payment ended as `status` at `atMs`; unchanged when it had ended before. */
export function finished(payment: Payment, status: PaymentStatus, atMs: number, failureCode?: string): Payment {
  if (payment.status !== "PROCESSING") return payment;
  return { ...payment, status, finishedAtMs: atMs, failureCode };
}

/** The payment with one more transaction. */
export function withTransaction(payment: Payment, transaction: Transaction): Payment {
  return { ...payment, transactions: [...payment.transactions, transaction] };
}
