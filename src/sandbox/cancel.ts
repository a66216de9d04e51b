/** cancel: closes a payment in process, or reverses a paid one on the same day (docs.antom.com/ac/ams/paymentc_online, 2026-11). */
import { responseTime } from "../antom/times.ts";
import type { Reply, SandboxCall } from "./call.ts";
import { PaymentNameRequest } from "./inquiry-payment.ts";
import { finished, type Payment, sumOf, withTransaction } from "./payment.ts";
import { findPayment } from "./payments.ts";
import { readParameters } from "./read-parameters.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const ANTOM_OFFSET_MS = 8 * HOUR_MS;
const GRACE_MS = 15 * 60 * 1000;

/** Cancels a payment. Repeating the call succeeds again, because Antom tells merchants to retry when in doubt. */
export function cancel(call: SandboxCall, state: SandboxState): Reply {
  const read = readParameters(PaymentNameRequest, call);
  if (read.kind === "refused") return read.reply;
  const payment = findPayment(state.payments, call.clientId, read.value);
  if (payment === undefined) return reply(call, "ORDER_NOT_EXIST");
  if (payment.status === "CANCELLED") return cancelledReply(call, payment);
  const obstacle = obstacleTo(payment, call.nowMs);
  if (obstacle !== undefined) return reply(call, obstacle);
  const cancelled = cancelledAt(payment, call.nowMs, state.newId(call.nowMs));
  state.payments.put(cancelled);
  return cancelledReply(call, cancelled);
}

/** The result code that refuses this cancellation; undefined when it is allowed. Captured or refunded payments need `refund` instead. */
function obstacleTo(payment: Payment, nowMs: number): string | undefined {
  if (payment.status === "PROCESSING") return undefined;
  if (payment.status === "FAIL" || sumOf(payment, "REFUND") > 0n || sumOf(payment, "CAPTURE") > 0n) return "ORDER_STATUS_INVALID";
  return nowMs >= windowEnd(payment.createdAtMs) ? "CANCEL_WINDOW_EXCEED" : undefined;
}

/** 00:15 in UTC+8 on the day after the order: the end of Antom's cancellation window. */
function windowEnd(createdAtMs: number): number {
  const day = Math.floor((createdAtMs + ANTOM_OFFSET_MS) / DAY_MS);
  return (day + 1) * DAY_MS - ANTOM_OFFSET_MS + GRACE_MS;
}

function cancelledAt(payment: Payment, atMs: number, id: string): Payment {
  if (payment.status === "PROCESSING") return finished(payment, "CANCELLED", atMs);
  const given = withTransaction(payment, { type: "CANCEL", id, requestId: undefined, amount: payment.amount, atMs });
  return { ...given, status: "CANCELLED", finishedAtMs: atMs };
}

function cancelledReply(call: SandboxCall, { paymentId, paymentRequestId, finishedAtMs }: Payment): Reply {
  return reply(call, "SUCCESS", { paymentId, paymentRequestId, cancelTime: responseTime(finishedAtMs ?? call.nowMs) });
}
