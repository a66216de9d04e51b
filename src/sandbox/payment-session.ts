/** createPaymentSession: opens an order that the buyer pays on the merchant's page or the cashier's (docs.antom.com/ac/ams/session_cashier, 2026-11). */
import type { z } from "zod";
import { responseTime } from "../antom/times.ts";
import type { Call, Reply } from "./call.ts";
import type { Desk } from "./desk.ts";
import { openPayment, type Payment } from "./payment.ts";
import { amount, captureMode, group, idText, readBody, text } from "./read-body.ts";
import { reply } from "./reply.ts";

const SESSION_LIFE_MS = 60 * 60 * 1000;

const SessionRequest = group({
  productCode: text(32),
  paymentRequestId: idText,
  paymentAmount: amount,
  paymentFactor: group({ captureMode: captureMode.optional() }).optional(),
  paymentRedirectUrl: text(2048).optional(),
});
type SessionRequest = z.infer<typeof SessionRequest>;

/**
 * A session and its payment, in process until the cashier's page is visited; the same paymentRequestId gets the same session again.
 * One for an agreement alone (AlipayAuthCreateSessionRequest of the SDKs) names no payment and gets none.
 */
export function createPaymentSession(call: Call, desk: Desk): Reply {
  if (isForAgreement(call)) return agreementReply(call, desk);
  const read = readBody(SessionRequest, call);
  if (read.kind === "refused") return read.reply;
  const { paymentRequestId, paymentAmount } = read.value;
  const known = desk.payments.byRequestId(call.clientId, paymentRequestId);
  if (known !== undefined) return isSame(known, paymentAmount) ? sessionReply(call, desk, known) : reply(call, "REPEAT_REQ_INCONSISTENT");
  const payment = openPayment({
    clientId: call.clientId,
    paymentId: desk.newId(call.nowMs),
    paymentRequestId,
    amount: paymentAmount,
    methodType: undefined,
    paymentMethodId: undefined,
    captureMode: read.value.paymentFactor?.captureMode ?? "AUTOMATIC",
    isOrderCode: false,
    createdAtMs: call.nowMs,
    redirectUrl: read.value.paymentRedirectUrl,
  });
  desk.payments.put(payment);
  return sessionReply(call, desk, payment);
}

function isForAgreement({ body }: Call): boolean {
  return body["productCode"] === "AGREEMENT_PAYMENT" && body["paymentRequestId"] === undefined && body["paymentAmount"] === undefined;
}

function agreementReply(call: Call, desk: Desk): Reply {
  const paymentSessionId = desk.newId(call.nowMs);
  return reply(call, "SUCCESS", {
    paymentSessionId,
    paymentSessionData: sessionData({ paymentSessionId }),
    paymentSessionExpiryTime: responseTime(call.nowMs + SESSION_LIFE_MS),
  });
}

function sessionData(content: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify({ standIn: true, ...content })).toString("base64");
}

function isSame({ amount }: Payment, asked: SessionRequest["paymentAmount"]): boolean {
  return amount.currency === asked.currency && amount.value === asked.value;
}

function sessionReply(call: Call, desk: Desk, { paymentId, createdAtMs }: Payment): Reply {
  const normalUrl = desk.cashierUrl(paymentId);
  return reply(call, "SUCCESS", {
    paymentSessionId: paymentId,
    paymentSessionData: sessionData({ paymentSessionId: paymentId, normalUrl }),
    paymentSessionExpiryTime: responseTime(createdAtMs + SESSION_LIFE_MS),
    normalUrl,
  });
}
