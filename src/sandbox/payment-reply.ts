/** Builds the answer of pay from a payment's current state; the same payment always gives the same answer. */
import { responseTime } from "../antom/times.ts";
import type { Reply, SandboxCall } from "./call.ts";
import { AUTHORISATION_LIFE_MS, type Payment } from "./payment.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";

/** The order code lifetime in the answer; order codes never expire here. */
const ORDER_CODE_LIFE_MS = 10 * 60 * 1000;

/** SUCCESS, PAYMENT_IN_PROCESS with the cashier URL, the code of the failure, or ORDER_IS_CANCELED. */
export function paymentReply(call: SandboxCall, state: SandboxState, payment: Payment): Reply {
  switch (payment.status) {
    case "SUCCESS":
      return reply(call, "SUCCESS", { ...paymentFields(payment), ...successFields(payment) });
    case "PROCESSING":
      return reply(call, "PAYMENT_IN_PROCESS", { ...paymentFields(payment), ...buyerFields(payment, state.cashierUrl(payment.paymentId)) });
    case "FAIL":
      return reply(call, payment.failureCode ?? "PROCESS_FAIL");
    case "CANCELLED":
      return reply(call, "ORDER_IS_CANCELED");
    default:
      return payment.status satisfies never;
  }
}

/** The fields that identify a payment in every answer about it. */
export function paymentFields(payment: Payment): Record<string, unknown> {
  return {
    paymentRequestId: payment.paymentRequestId,
    paymentId: payment.paymentId,
    paymentAmount: payment.amount,
    paymentCreateTime: responseTime(payment.createdAtMs),
  };
}

/** The fields of successful payments only. */
export function successFields(payment: Payment): Record<string, unknown> {
  const paidAtMs = payment.finishedAtMs ?? payment.createdAtMs;
  const manual = payment.captureMode === "MANUAL";
  return {
    actualPaymentAmount: payment.amount,
    paymentTime: responseTime(paidAtMs),
    authExpiryTime: manual ? responseTime(paidAtMs + AUTHORISATION_LIFE_MS) : undefined,
  };
}

/** How the buyer reaches the page: a redirect in both forms that merchants read, or an order code to scan. */
function buyerFields(payment: Payment, url: string): Record<string, unknown> {
  if (payment.isOrderCode) {
    const codeDetails = [{ codeValueType: "QRCODE", codeValue: url, displayType: "TEXT" }];
    const expireTime = responseTime(payment.createdAtMs + ORDER_CODE_LIFE_MS);
    return { orderCodeForm: { paymentMethodType: payment.methodType, expireTime, codeDetails } };
  }
  return {
    normalUrl: url,
    redirectActionForm: { method: "GET", parameters: "{}", redirectUrl: url, actionFormType: "RedirectActionForm" },
  };
}
