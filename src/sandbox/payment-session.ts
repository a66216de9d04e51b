/** createPaymentSession: opens an order that the buyer pays on the merchant's page or on the cashier page (docs.antom.com/ac/ams/session_cashier, 2026-11). */
import type { z } from "zod";
import { responseTime } from "../antom/times.ts";
import type { Reply, SandboxCall } from "./call.ts";
import { openPayment, type Payment } from "./payment.ts";
import { amount, captureMode, group, idText, readParameters, text } from "./read-parameters.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";

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
 * Creates a session and its payment, which stays in process until the cashier page is visited; a repeated paymentRequestId gets the same session.
 * A session for an agreement only (AlipayAuthCreateSessionRequest of the SDKs) has no payment.
 */
export function createPaymentSession(call: SandboxCall, state: SandboxState): Reply {
  if (isForAgreement(call)) return agreementReply(call, state);
  const read = readParameters(SessionRequest, call);
  if (read.kind === "refused") return read.reply;
  const { paymentRequestId, paymentAmount } = read.value;
  const known = state.payments.byRequestId(call.clientId, paymentRequestId);
  if (known !== undefined) return isSame(known, paymentAmount) ? sessionReply(call, state, known) : reply(call, "REPEAT_REQ_INCONSISTENT");
  const payment = openPayment({
    clientId: call.clientId,
    paymentId: state.newId(call.nowMs),
    paymentRequestId,
    amount: paymentAmount,
    methodType: undefined,
    paymentMethodId: undefined,
    captureMode: read.value.paymentFactor?.captureMode ?? "AUTOMATIC",
    isOrderCode: false,
    createdAtMs: call.nowMs,
    redirectUrl: read.value.paymentRedirectUrl,
  });
  state.payments.put(payment);
  return sessionReply(call, state, payment);
}

function isForAgreement({ body }: SandboxCall): boolean {
  return body["productCode"] === "AGREEMENT_PAYMENT" && body["paymentRequestId"] === undefined && body["paymentAmount"] === undefined;
}

function agreementReply(call: SandboxCall, state: SandboxState): Reply {
  const paymentSessionId = state.newId(call.nowMs);
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

function sessionReply(call: SandboxCall, state: SandboxState, { paymentId, createdAtMs }: Payment): Reply {
  const normalUrl = state.cashierUrl(paymentId);
  return reply(call, "SUCCESS", {
    paymentSessionId: paymentId,
    paymentSessionData: sessionData({ paymentSessionId: paymentId, normalUrl }),
    paymentSessionExpiryTime: responseTime(createdAtMs + SESSION_LIFE_MS),
    normalUrl,
  });
}
