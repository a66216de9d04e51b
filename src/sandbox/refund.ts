/** refund: gives money back, whole or in parts, never more than was paid (docs.antom.com/ac/ams/refund_online, 2026-11). */
import { z } from "zod";
import type { Call, Reply } from "./call.ts";
import type { Desk } from "./desk.ts";
import { type Payment, paidSum, sumOf, withTransaction } from "./payment.ts";
import { amount, group, idText, readBody, text } from "./read-body.ts";
import { refundFields } from "./refund-fields.ts";
import type { Refund } from "./refunds.ts";
import { reply } from "./reply.ts";

const SplitDetail = group({
  splitTo: z.enum(["SELLER", "MARKETPLACE", "PLATFORM", "ISV"], "must be `SELLER`, `MARKETPLACE`, `PLATFORM` or `ISV`"),
  splitAmount: amount,
  description: text(256).optional(),
});

const RefundRequest = group({
  refundRequestId: idText,
  paymentId: idText,
  refundAmount: amount,
  splitDetails: z.array(SplitDetail, "must be a list").max(10, "has more than 10 entries").optional(),
});
type RefundRequest = z.infer<typeof RefundRequest>;

/** Refunds at once, at most once per refundRequestId. */
export function refund(call: Call, desk: Desk): Reply {
  const read = readBody(RefundRequest, call);
  if (read.kind === "refused") return read.reply;
  const { refundRequestId, paymentId, refundAmount } = read.value;
  const fingerprint = `${paymentId} ${refundAmount.currency} ${refundAmount.value}`;
  return desk.answered.answer(call, { requestId: refundRequestId, fingerprint }, () => refundOnce(call, desk, read.value));
}

function refundOnce(call: Call, desk: Desk, request: RefundRequest): Reply {
  const payment = desk.payments.byId(call.clientId, request.paymentId);
  if (payment === undefined) return reply(call, "ORDER_NOT_EXIST");
  const obstacle = obstacleTo(payment, request);
  if (obstacle !== undefined) return reply(call, obstacle);
  const made: Refund = {
    clientId: call.clientId,
    refundId: desk.newId(call.nowMs),
    refundRequestId: request.refundRequestId,
    paymentId: payment.paymentId,
    amount: request.refundAmount,
    splitDetails: request.splitDetails ?? [],
    atMs: call.nowMs,
  };
  const { refundId: id, refundRequestId: requestId, atMs } = made;
  desk.refunds.add(made);
  desk.payments.put(withTransaction(payment, { type: "REFUND", id, requestId, amount: made.amount, atMs }));
  return reply(call, "SUCCESS", { ...refundFields(made), paymentId: made.paymentId });
}

/** The code that says why this refund cannot be; undefined when it can. */
function obstacleTo(payment: Payment, { refundAmount }: RefundRequest): string | undefined {
  if (payment.status === "CANCELLED") return "ORDER_IS_CANCELED";
  const paid = paidSum(payment);
  if (paid === 0n) return "ORDER_STATUS_INVALID";
  if (refundAmount.currency !== payment.amount.currency) return "CURRENCY_NOT_SUPPORT";
  return sumOf(payment, "REFUND") + BigInt(refundAmount.value) > paid ? "REFUND_AMOUNT_EXCEED" : undefined;
}
