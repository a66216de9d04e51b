/** What pay answers for a payment in its present state: the same payment gives the same answer, however often it is asked. */
import { responseTime } from "../antom/times.ts";
import type { Call, Reply } from "./call.ts";
import type { Desk } from "./desk.ts";
import { AUTHORISATION_LIFE_MS, type Payment } from "./payment.ts";
import { reply } from "./reply.ts";

/** What an order code says of itself; nothing here expires. */
const ORDER_CODE_LIFE_MS = 10 * 60 * 1000;

/** SUCCESS, PAYMENT_IN_PROCESS with the page to send the buyer to, the code of the failure, or ORDER_IS_CANCELED. */
export function paymentReply(call: Call, desk: Desk, payment: Payment): Reply {
  switch (payment.status) {
    case "SUCCESS":
      return reply(call, "SUCCESS", { ...paymentFields(payment), ...successFields(payment) });
    case "PROCESSING":
      return reply(call, "PAYMENT_IN_PROCESS", { ...paymentFields(payment), ...buyerFields(payment, desk.cashierUrl(payment.paymentId)) });
    case "FAIL":
      return reply(call, payment.failureCode ?? "PROCESS_FAIL");
    case "CANCELLED":
      return reply(call, "ORDER_IS_CANCELED");
    default:
      return payment.status satisfies never;
  }
}

/** The fields that name a payment, in every answer that concerns one. */
export function paymentFields(payment: Payment): Record<string, unknown> {
  return {
    paymentRequestId: payment.paymentRequestId,
    paymentId: payment.paymentId,
    paymentAmount: payment.amount,
    paymentCreateTime: responseTime(payment.createdAtMs),
  };
}

/** The fields that only a payment that went through has. */
export function successFields(payment: Payment): Record<string, unknown> {
  const paidAtMs = payment.finishedAtMs ?? payment.createdAtMs;
  const manual = payment.captureMode === "MANUAL";
  return {
    actualPaymentAmount: payment.amount,
    paymentTime: responseTime(paidAtMs),
    authExpiryTime: manual ? responseTime(paidAtMs + AUTHORISATION_LIFE_MS) : undefined,
  };
}

/** What brings the buyer to the page: a redirect in both forms that merchants read, or an order code to scan. */
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
