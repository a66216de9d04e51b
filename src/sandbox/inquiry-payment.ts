/** inquiryPayment: returns a payment's state; `result` reports only whether the inquiry succeeded (docs.antom.com/ac/ams/paymentri_online, 2026-11). */
import type { z } from "zod";
import { responseTime } from "../antom/times.ts";
import type { Reply, ReplyResult, SandboxCall } from "./call.ts";
import type { Payment, Transaction } from "./payment.ts";
import { paymentFields, successFields } from "./payment-reply.ts";
import { findPayment } from "./payments.ts";
import { group, idText, readParameters } from "./read-parameters.ts";
import { reply, resultOf } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";

/** Requires either id; both operations that use this schema are documented so. */
export const PaymentNameRequest: z.ZodType<{ paymentId?: string | undefined; paymentRequestId?: string | undefined }> = group({
  paymentId: idText.optional(),
  paymentRequestId: idText.optional(),
}).refine((name) => name.paymentId !== undefined || name.paymentRequestId !== undefined, {
  path: ["paymentRequestId"],
  message: "or `paymentId` is required",
});

/** The payment's status, result and transactions; ORDER_NOT_EXIST for an unknown payment of this client. */
export function inquiryPayment(call: SandboxCall, state: SandboxState): Reply {
  const read = readParameters(PaymentNameRequest, call);
  if (read.kind === "refused") return read.reply;
  const payment = findPayment(state.payments, call.clientId, read.value);
  if (payment === undefined) return reply(call, "ORDER_NOT_EXIST");
  const outcome = paymentResult(payment);
  return reply(call, "SUCCESS", {
    paymentStatus: payment.status,
    paymentResultCode: outcome.resultCode,
    paymentResultMessage: outcome.resultMessage,
    ...paymentFields(payment),
    ...(payment.status === "SUCCESS" ? successFields(payment) : {}),
    paymentMethodType: payment.methodType,
    transactions: payment.transactions.length === 0 ? undefined : payment.transactions.map(transactionFields),
  });
}

function paymentResult(payment: Payment): ReplyResult {
  switch (payment.status) {
    case "SUCCESS":
      return resultOf("pay", "SUCCESS");
    case "PROCESSING":
      return resultOf("pay", "PAYMENT_IN_PROCESS");
    case "FAIL":
      return resultOf("pay", payment.failureCode ?? "PROCESS_FAIL");
    case "CANCELLED":
      return resultOf("pay", "ORDER_IS_CANCELED");
    default:
      return payment.status satisfies never;
  }
}

function transactionFields(transaction: Transaction): Record<string, unknown> {
  return {
    transactionResult: resultOf("inquiryPayment", "SUCCESS"),
    transactionId: transaction.id,
    transactionType: transaction.type,
    transactionStatus: "SUCCESS",
    transactionRequestId: transaction.requestId,
    transactionAmount: transaction.amount,
    transactionTime: responseTime(transaction.atMs),
  };
}
