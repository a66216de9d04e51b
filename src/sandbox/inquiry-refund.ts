/** inquiryRefund: returns a refund's state; `result` reports only whether the inquiry succeeded (docs.antom.com/ac/ams/ir_online, 2026-11). */
import type { Reply, SandboxCall } from "./call.ts";
import { group, idText, readParameters } from "./read-parameters.ts";
import { type Refund, refundFields } from "./refunds.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";

const RefundNameRequest = group({ refundId: idText.optional(), refundRequestId: idText.optional() }).refine(
  (name) => name.refundId !== undefined || name.refundRequestId !== undefined,
  { path: ["refundRequestId"], message: "or `refundId` is required" },
);

/** The refund, always with status SUCCESS; ORDER_NOT_EXIST for an unknown refund of this client. */
export function inquiryRefund(call: SandboxCall, state: SandboxState): Reply {
  const read = readParameters(RefundNameRequest, call);
  if (read.kind === "refused") return read.reply;
  const { refundId, refundRequestId } = read.value;
  const refund =
    refundId === undefined ? state.refunds.byRequestId(call.clientId, refundRequestId ?? "") : state.refunds.byId(call.clientId, refundId);
  if (refund === undefined) return reply(call, "ORDER_NOT_EXIST");
  return reply(call, "SUCCESS", { refundStatus: "SUCCESS", ...refundFields(refund), splitDetails: splitFields(refund) });
}

/** The split of the refund request; undefined when it had none. */
function splitFields({ splitDetails }: Refund): readonly Record<string, unknown>[] | undefined {
  if (splitDetails.length === 0) return undefined;
  return splitDetails.map((detail) => ({ ...detail, actualSplitAmount: detail.splitAmount }));
}
