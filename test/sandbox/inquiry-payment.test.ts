/** inquiryPayment: the payment's own state, by either id. */
import t from "tap";
import { captureBody, manualCapture, payBody, refundBody, wallet } from "../helpers/payments.ts";
import { createSandboxOperations } from "../helpers/sandbox-operations.ts";

t.test("either id finds the payment, and the payment id wins", async (t) => {
  const sandbox = createSandboxOperations();
  const first = sandbox.reply("pay", payBody({ id: "a" }));
  sandbox.reply("pay", payBody({ id: "b" }));
  t.equal(sandbox.reply("inquiryPayment", { paymentRequestId: "a" })["paymentId"], first["paymentId"]);
  t.equal(sandbox.reply("inquiryPayment", { paymentId: first["paymentId"], paymentRequestId: "b" })["paymentRequestId"], "a");
});

t.test("an unknown payment does not exist, and one of the ids is required", async (t) => {
  const sandbox = createSandboxOperations();
  t.equal(sandbox.code("inquiryPayment", { paymentRequestId: "nobody" }), "ORDER_NOT_EXIST");
  t.equal(sandbox.code("inquiryPayment", { paymentId: "nobody" }), "ORDER_NOT_EXIST");
  const { result } = sandbox.reply("inquiryPayment", {});
  t.match(result, { resultCode: "PARAM_ILLEGAL", resultMessage: /`paymentRequestId` or `paymentId` is required/ });
});

t.test("each state of a payment has its status and its result", async (t) => {
  const sandbox = createSandboxOperations();
  sandbox.reply("pay", payBody({ id: "paid" }));
  sandbox.reply("pay", payBody({ id: "open", method: wallet }));
  sandbox.reply("pay", payBody({ id: "failed", value: "11" }));
  sandbox.reply("pay", payBody({ id: "gone" }));
  sandbox.reply("cancel", { paymentRequestId: "gone" });
  const table: [string, string, string][] = [
    ["paid", "SUCCESS", "SUCCESS"],
    ["open", "PROCESSING", "PAYMENT_IN_PROCESS"],
    ["failed", "FAIL", "RISK_REJECT"],
    ["gone", "CANCELLED", "ORDER_IS_CANCELED"],
  ];
  for (const [id, status, code] of table) {
    const asked = sandbox.reply("inquiryPayment", { paymentRequestId: id });
    t.match(asked, { result: { resultCode: "SUCCESS", resultStatus: "S" }, paymentStatus: status, paymentResultCode: code }, id);
    t.equal("paymentTime" in asked, status === "SUCCESS", `${id}: only a success has a payment time`);
  }
});

t.test("captures, refunds and the cancellation stand in its transactions, in order", async (t) => {
  const sandbox = createSandboxOperations();
  const { paymentId } = sandbox.reply("pay", payBody(manualCapture));
  sandbox.reply("capture", captureBody(paymentId, "600"));
  sandbox.reply("refund", refundBody(paymentId, "100"));
  t.match(sandbox.reply("inquiryPayment", { paymentId })["transactions"], [
    { transactionType: "CAPTURE", transactionRequestId: "capture-1", transactionStatus: "SUCCESS", transactionAmount: { value: "600" } },
    { transactionType: "REFUND", transactionRequestId: "refund-1", transactionAmount: { value: "100" } },
  ]);
});
