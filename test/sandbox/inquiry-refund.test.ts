/** inquiryRefund: a refund by either id. */
import t from "tap";
import { payBody, refundBody } from "../helpers/payments.ts";
import { createSandboxOperations } from "../helpers/sandbox-operations.ts";

t.test("either id finds the refund as it was answered", async (t) => {
  const sandbox = createSandboxOperations();
  const { paymentId } = sandbox.reply("pay", payBody());
  const { refundId, refundTime } = sandbox.reply("refund", refundBody(paymentId, "250"));
  sandbox.nowMs += 60_000;
  for (const name of [{ refundId }, { refundRequestId: "refund-1" }]) {
    t.match(sandbox.reply("inquiryRefund", name), {
      result: { resultCode: "SUCCESS" },
      refundStatus: "SUCCESS",
      refundId,
      refundRequestId: "refund-1",
      refundAmount: { currency: "USD", value: "250" },
      refundTime,
    });
  }
});

t.test("an unknown refund, one that was refused and another client's do not exist", async (t) => {
  const sandbox = createSandboxOperations();
  const { paymentId } = sandbox.reply("pay", payBody());
  sandbox.reply("refund", refundBody(paymentId, "5000", "too-much"));
  const { refundId } = sandbox.reply("refund", refundBody(paymentId, "1", "mine"));
  t.equal(sandbox.code("inquiryRefund", { refundRequestId: "nobody" }), "ORDER_NOT_EXIST");
  t.equal(sandbox.code("inquiryRefund", { refundRequestId: "too-much" }), "ORDER_NOT_EXIST");
  t.equal(sandbox.code("inquiryRefund", { refundId }, "SANDBOX_B"), "ORDER_NOT_EXIST");
  t.equal(sandbox.code("inquiryRefund", { refundRequestId: "mine" }, "SANDBOX_B"), "ORDER_NOT_EXIST");
});

t.test("one of the ids is required", async (t) => {
  const { result } = createSandboxOperations().reply("inquiryRefund", {});
  t.match(result, { resultCode: "PARAM_ILLEGAL", resultMessage: /`refundRequestId` or `refundId` is required/ });
});

t.test("the split that a refund asked for is told with what was taken back; an unknown recipient is refused", async (t) => {
  const sandbox = createSandboxOperations();
  const { paymentId } = sandbox.reply("pay", payBody());
  const splitAmount = { currency: "USD", value: "300" };
  const splitDetails = [{ splitTo: "SELLER", splitAmount, description: "half" }];
  t.equal(sandbox.code("refund", { ...refundBody(paymentId, "600"), splitDetails }), "SUCCESS");
  t.same(sandbox.reply("inquiryRefund", { refundRequestId: "refund-1" })["splitDetails"], [
    { splitTo: "SELLER", splitAmount, description: "half", actualSplitAmount: splitAmount },
  ]);
  const refused = sandbox.reply("refund", { ...refundBody(paymentId, "1", "r-2"), splitDetails: [{ splitTo: "BANK" }] }).result;
  t.equal(refused.resultCode, "PARAM_ILLEGAL");
  t.match(refused.resultMessage, "`splitDetails.0.splitTo` must be `SELLER`");
  t.match(refused.resultMessage, "`splitDetails.0.splitAmount.currency` and `splitDetails.0.splitAmount.value` are required");
});
