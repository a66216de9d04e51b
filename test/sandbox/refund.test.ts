/** refund and what inquiryRefund then says of it. */
import t from "tap";
import { captureBody, manualCapture, payBody, refundBody, wallet } from "../helpers/payments.ts";
import { createSandboxOperations, type SandboxOperations } from "../helpers/sandbox-operations.ts";

const paid = (sandbox: SandboxOperations): unknown => sandbox.reply("pay", payBody())["paymentId"];

t.test("a refund names itself, its payment and its amount", async (t) => {
  const sandbox = createSandboxOperations();
  const paymentId = paid(sandbox);
  t.match(sandbox.reply("refund", refundBody(paymentId, "400")), {
    result: { resultCode: "SUCCESS" },
    refundRequestId: "refund-1",
    refundId: /^\d{28}$/,
    paymentId,
    refundAmount: { currency: "USD", value: "400" },
    refundTime: "2026-11-23T08:00:00+00:00",
  });
});

t.test("refunds add up to what was paid and no further", async (t) => {
  const sandbox = createSandboxOperations();
  const paymentId = paid(sandbox);
  t.equal(sandbox.code("refund", refundBody(paymentId, "400", "a")), "SUCCESS");
  t.equal(sandbox.code("refund", refundBody(paymentId, "601", "b")), "REFUND_AMOUNT_EXCEED");
  t.equal(sandbox.code("refund", refundBody(paymentId, "600", "c")), "SUCCESS");
  t.equal(sandbox.code("refund", refundBody(paymentId, "1", "d")), "REFUND_AMOUNT_EXCEED");
});

t.test("of an authorisation only what was captured can be refunded", async (t) => {
  const sandbox = createSandboxOperations();
  const { paymentId } = sandbox.reply("pay", payBody(manualCapture));
  t.equal(sandbox.code("refund", refundBody(paymentId, "1", "a")), "ORDER_STATUS_INVALID");
  sandbox.reply("capture", captureBody(paymentId, "300"));
  t.equal(sandbox.code("refund", refundBody(paymentId, "301", "b")), "REFUND_AMOUNT_EXCEED");
  t.equal(sandbox.code("refund", refundBody(paymentId, "300", "c")), "SUCCESS");
});

t.test("the same request id gets the same answer and refunds once, refusals included; changed, it is refused", async (t) => {
  const sandbox = createSandboxOperations();
  const paymentId = paid(sandbox);
  const first = sandbox.reply("refund", refundBody(paymentId, "400"));
  sandbox.nowMs += 1000;
  t.same(sandbox.reply("refund", refundBody(paymentId, "400")), first);
  t.equal(sandbox.code("refund", refundBody(paymentId, "401")), "REPEAT_REQ_INCONSISTENT");
  t.equal(sandbox.code("refund", refundBody(paymentId, "700", "much")), "REFUND_AMOUNT_EXCEED");
  t.equal(sandbox.code("refund", refundBody(paymentId, "600", "much")), "REPEAT_REQ_INCONSISTENT");
  t.equal(sandbox.state.payments.all()[0]?.transactions.length, 1);
});

t.test("two clients may use the same refund request id", async (t) => {
  const sandbox = createSandboxOperations();
  const mine = sandbox.reply("pay", payBody(), "SANDBOX_A")["paymentId"];
  const theirs = sandbox.reply("pay", payBody(), "SANDBOX_B")["paymentId"];
  t.equal(sandbox.code("refund", refundBody(mine), "SANDBOX_A"), "SUCCESS");
  t.equal(sandbox.code("refund", refundBody(theirs), "SANDBOX_B"), "SUCCESS");
});

t.test("what cannot be refunded says why", async (t) => {
  const table: [string, (sandbox: SandboxOperations) => Record<string, unknown>, string][] = [
    ["an unknown payment", () => refundBody("nobody"), "ORDER_NOT_EXIST"],
    [
      "a payment in process",
      (sandbox) => refundBody(sandbox.reply("pay", payBody({ method: wallet }))["paymentId"]),
      "ORDER_STATUS_INVALID",
    ],
    [
      "another currency",
      (sandbox) => ({ ...refundBody(paid(sandbox)), refundAmount: { currency: "EUR", value: "1" } }),
      "CURRENCY_NOT_SUPPORT",
    ],
    ["no request id", (sandbox) => ({ ...refundBody(paid(sandbox)), refundRequestId: undefined }), "PARAM_ILLEGAL"],
  ];
  for (const [name, body, code] of table) {
    const sandbox = createSandboxOperations();
    t.equal(sandbox.code("refund", body(sandbox)), code, name);
  }
  const sandbox = createSandboxOperations();
  const paymentId = paid(sandbox);
  sandbox.reply("cancel", { paymentId });
  t.equal(sandbox.code("refund", refundBody(paymentId)), "ORDER_IS_CANCELED");
});

t.test("a failed payment that nobody can name by id has nothing to refund", async (t) => {
  const sandbox = createSandboxOperations();
  sandbox.reply("pay", payBody({ value: "11" }));
  const { paymentId } = sandbox.reply("inquiryPayment", { paymentRequestId: "pay-1" });
  t.equal(sandbox.code("refund", refundBody(paymentId, "1")), "ORDER_STATUS_INVALID");
});
