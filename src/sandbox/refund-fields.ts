/** The fields that name a refund, in the answers of refund and inquiryRefund alike. */
import { responseTime } from "../antom/times.ts";
import type { Refund } from "./refunds.ts";

/** Ids, amount and time. */
export function refundFields(refund: Refund): Record<string, unknown> {
  return {
    refundRequestId: refund.refundRequestId,
    refundId: refund.refundId,
    refundAmount: refund.amount,
    refundTime: responseTime(refund.atMs),
  };
}
