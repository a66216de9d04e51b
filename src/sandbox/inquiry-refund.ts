/** inquiryRefund: tells a refund's state; its `result` says only that the question was answered (docs.antom.com/ac/ams/ir_online, 2026-11). */
import type { Call, Reply } from "./call.ts";
import type { Desk } from "./desk.ts";
import { group, idText, readBody } from "./read-body.ts";
import { refundFields } from "./refund-fields.ts";
import type { Refund } from "./refunds.ts";
import { reply } from "./reply.ts";

const RefundNameRequest = group({ refundId: idText.optional(), refundRequestId: idText.optional() }).refine(
  (name) => name.refundId !== undefined || name.refundRequestId !== undefined,
  { path: ["refundRequestId"], message: "or `refundId` is required" },
);

/** The refund, always SUCCESS here; ORDER_NOT_EXIST for one that this client never made. */
export function inquiryRefund(call: Call, desk: Desk): Reply {
  const read = readBody(RefundNameRequest, call);
  if (read.kind === "refused") return read.reply;
  const { refundId, refundRequestId } = read.value;
  const refund =
    refundId === undefined ? desk.refunds.byRequestId(call.clientId, refundRequestId ?? "") : desk.refunds.byId(call.clientId, refundId);
  if (refund === undefined) return reply(call, "ORDER_NOT_EXIST");
  return reply(call, "SUCCESS", { refundStatus: "SUCCESS", ...refundFields(refund), splitDetails: splitFields(refund) });
}

/** The request's split, taken back as it was asked; undefined without one. */
function splitFields({ splitDetails }: Refund): readonly Record<string, unknown>[] | undefined {
  if (splitDetails.length === 0) return undefined;
  return splitDetails.map((detail) => ({ ...detail, actualSplitAmount: detail.splitAmount }));
}
