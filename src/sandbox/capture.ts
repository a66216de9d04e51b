/** capture: captures an authorised payment, in full or in parts (docs.antom.com/ac/ams/capture, 2026-11). */
import type { z } from "zod";
import { responseTime } from "../antom/times.ts";
import type { Reply, SandboxCall } from "./call.ts";
import { AUTHORISATION_LIFE_MS, type Payment, sumOf, withTransaction } from "./payment.ts";
import { amount, flag, group, idText, isSet, readParameters } from "./read-parameters.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";

const CaptureRequest = group({ captureRequestId: idText, paymentId: idText, captureAmount: amount, isLastCapture: flag.optional() });
type CaptureRequest = z.infer<typeof CaptureRequest>;

/** Captures up to the authorised amount, at most once per captureRequestId. */
export function capture(call: SandboxCall, state: SandboxState): Reply {
  const read = readParameters(CaptureRequest, call);
  if (read.kind === "refused") return read.reply;
  const { captureRequestId, paymentId, captureAmount } = read.value;
  const fingerprint = `${paymentId} ${captureAmount.currency} ${captureAmount.value}`;
  return state.answers.answer(call, { requestId: captureRequestId, fingerprint }, () => captureOnce(call, state, read.value));
}

function captureOnce(call: SandboxCall, state: SandboxState, request: CaptureRequest): Reply {
  const { captureRequestId, captureAmount } = request;
  const payment = state.payments.byId(call.clientId, request.paymentId);
  if (payment === undefined) return reply(call, "AUTH_NOT_FOUND");
  const obstacle = obstacleTo(payment, request, call.nowMs);
  if (obstacle !== undefined) return reply(call, obstacle);
  const captureId = state.newId(call.nowMs);
  const captured = withTransaction(payment, {
    type: "CAPTURE",
    id: captureId,
    requestId: captureRequestId,
    amount: captureAmount,
    atMs: call.nowMs,
  });
  state.payments.put({ ...captured, captureClosed: isSet(request.isLastCapture) });
  const { paymentId } = payment;
  return reply(call, "SUCCESS", { captureRequestId, captureId, paymentId, captureAmount, captureTime: responseTime(call.nowMs) });
}

/** The result code that refuses this capture; undefined when it is allowed. */
function obstacleTo(payment: Payment, { captureAmount }: CaptureRequest, nowMs: number): string | undefined {
  if (payment.status === "CANCELLED") return "AUTH_CANCELLED";
  if (payment.status !== "SUCCESS" || payment.captureMode !== "MANUAL" || payment.captureClosed) return "ORDER_STATUS_INVALID";
  if (nowMs - (payment.finishedAtMs ?? payment.createdAtMs) > AUTHORISATION_LIFE_MS) return "AUTH_EXPIRED";
  if (captureAmount.currency !== payment.amount.currency) return "CURRENCY_NOT_SUPPORT";
  const total = sumOf(payment, "CAPTURE") + BigInt(captureAmount.value);
  return total > BigInt(payment.amount.value) ? "CAPTURE_AMOUNT_EXCEED_AUTH_LIMIT" : undefined;
}
