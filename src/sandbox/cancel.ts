/** cancel: closes an order that is in process, or gives a paid one back whole on its day (docs.antom.com/ac/ams/paymentc_online, 2026-11). */
import { responseTime } from "../antom/times.ts";
import type { Call, Reply } from "./call.ts";
import type { Desk } from "./desk.ts";
import { PaymentNameRequest } from "./inquiry-payment.ts";
import { finished, type Payment, sumOf, withTransaction } from "./payment.ts";
import { findPayment } from "./payments.ts";
import { readBody } from "./read-body.ts";
import { reply } from "./reply.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const ANTOM_OFFSET_MS = 8 * HOUR_MS;
const GRACE_MS = 15 * 60 * 1000;

/** Cancels a payment; asking again for one that is cancelled succeeds again, as merchants are told to do when in doubt. */
export function cancel(call: Call, desk: Desk): Reply {
  const read = readBody(PaymentNameRequest, call);
  if (read.kind === "refused") return read.reply;
  const payment = findPayment(desk.payments, call.clientId, read.value);
  if (payment === undefined) return reply(call, "ORDER_NOT_EXIST");
  if (payment.status === "CANCELLED") return cancelledReply(call, payment);
  const obstacle = obstacleTo(payment, call.nowMs);
  if (obstacle !== undefined) return reply(call, obstacle);
  const cancelled = cancelledAt(payment, call.nowMs, desk.newId(call.nowMs));
  desk.payments.put(cancelled);
  return cancelledReply(call, cancelled);
}

/** The code that says why this cannot be cancelled; undefined when it can. What was captured or refunded needs `refund` instead. */
function obstacleTo(payment: Payment, nowMs: number): string | undefined {
  if (payment.status === "PROCESSING") return undefined;
  if (payment.status === "FAIL" || sumOf(payment, "REFUND") > 0n || sumOf(payment, "CAPTURE") > 0n) return "ORDER_STATUS_INVALID";
  return nowMs >= windowEnd(payment.createdAtMs) ? "CANCEL_WINDOW_EXCEED" : undefined;
}

/** 00:15 in UTC+8 on the day after the order, when Antom closes the books of that day. */
function windowEnd(createdAtMs: number): number {
  const day = Math.floor((createdAtMs + ANTOM_OFFSET_MS) / DAY_MS);
  return (day + 1) * DAY_MS - ANTOM_OFFSET_MS + GRACE_MS;
}

function cancelledAt(payment: Payment, atMs: number, id: string): Payment {
  if (payment.status === "PROCESSING") return finished(payment, "CANCELLED", atMs);
  const given = withTransaction(payment, { type: "CANCEL", id, requestId: undefined, amount: payment.amount, atMs });
  return { ...given, status: "CANCELLED", finishedAtMs: atMs };
}

function cancelledReply(call: Call, { paymentId, paymentRequestId, finishedAtMs }: Payment): Reply {
  return reply(call, "SUCCESS", { paymentId, paymentRequestId, cancelTime: responseTime(finishedAtMs ?? call.nowMs) });
}
