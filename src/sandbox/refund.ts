/** refund: refunds a payment in full or in parts, up to the paid amount (docs.antom.com/ac/ams/refund_online, 2026-11). */
import { z } from "zod";
import type { Reply, SandboxCall } from "./call.ts";
import { type Payment, paidSum, sumOf, withTransaction } from "./payment.ts";
import { amount, group, idText, readParameters, text } from "./read-parameters.ts";
import { type Refund, refundFields } from "./refunds.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";

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

/** Refunds immediately, at most once per refundRequestId. */
export function refund(call: SandboxCall, state: SandboxState): Reply {
  const read = readParameters(RefundRequest, call);
  if (read.kind === "refused") return read.reply;
  const { refundRequestId, paymentId, refundAmount } = read.value;
  const fingerprint = `${paymentId} ${refundAmount.currency} ${refundAmount.value}`;
  return state.answers.answer(call, { requestId: refundRequestId, fingerprint }, () => refundOnce(call, state, read.value));
}

function refundOnce(call: SandboxCall, state: SandboxState, request: RefundRequest): Reply {
  const payment = state.payments.byId(call.clientId, request.paymentId);
  if (payment === undefined) return reply(call, "ORDER_NOT_EXIST");
  const obstacle = obstacleTo(payment, request);
  if (obstacle !== undefined) return reply(call, obstacle);
  const made: Refund = {
    clientId: call.clientId,
    refundId: state.newId(call.nowMs),
    refundRequestId: request.refundRequestId,
    paymentId: payment.paymentId,
    amount: request.refundAmount,
    splitDetails: request.splitDetails ?? [],
    atMs: call.nowMs,
  };
  const { refundId: id, refundRequestId: requestId, atMs } = made;
  state.refunds.add(made);
  state.payments.put(withTransaction(payment, { type: "REFUND", id, requestId, amount: made.amount, atMs }));
  return reply(call, "SUCCESS", { ...refundFields(made), paymentId: made.paymentId });
}

/** The result code that refuses this refund; undefined when it is allowed. */
function obstacleTo(payment: Payment, { refundAmount }: RefundRequest): string | undefined {
  if (payment.status === "CANCELLED") return "ORDER_IS_CANCELED";
  const paid = paidSum(payment);
  if (paid === 0n) return "ORDER_STATUS_INVALID";
  if (refundAmount.currency !== payment.amount.currency) return "CURRENCY_NOT_SUPPORT";
  return sumOf(payment, "REFUND") + BigInt(refundAmount.value) > paid ? "REFUND_AMOUNT_EXCEED" : undefined;
}
