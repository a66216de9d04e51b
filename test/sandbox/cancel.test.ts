/** cancel: orders in process at any time, paid ones on their day. */
import t from "tap";
import { captureBody, manualCapture, payBody, refundBody, wallet } from "../helpers/payments.ts";
import { createSandboxOperations, type SandboxOperations } from "../helpers/sandbox-operations.ts";

t.test("a payment is cancelled by either id, and again with the same answer", async (t) => {
  for (const name of ["paymentId", "paymentRequestId"]) {
    const sandbox = createSandboxOperations();
    const paid = sandbox.reply("pay", payBody());
    const body = { [name]: paid[name] };
    const first = sandbox.reply("cancel", body);
    t.match(first, { result: { resultCode: "SUCCESS" }, paymentId: paid["paymentId"], paymentRequestId: "pay-1", cancelTime: /^2026/ });
    sandbox.nowMs += 48 * 60 * 60 * 1000;
    t.same(sandbox.reply("cancel", body), first, "later too");
  }
});

t.test("an order in process is closed: the buyer's visit changes nothing, paying again is refused", async (t) => {
  const sandbox = createSandboxOperations();
  sandbox.reply("pay", payBody({ method: wallet }));
  sandbox.nowMs += 72 * 60 * 60 * 1000;
  t.equal(sandbox.code("cancel", { paymentRequestId: "pay-1" }), "SUCCESS");
  t.equal(sandbox.reply("inquiryPayment", { paymentRequestId: "pay-1" })["paymentStatus"], "CANCELLED");
  t.equal(sandbox.code("pay", payBody({ method: wallet })), "ORDER_IS_CANCELED");
});

t.test("what is captured, refunded or failed is past cancelling", async (t) => {
  const table: [string, (sandbox: SandboxOperations) => void][] = [
    ["captured", (sandbox) => void sandbox.reply("capture", captureBody(sandbox.reply("pay", payBody(manualCapture))["paymentId"], "1"))],
    ["refunded", (sandbox) => void sandbox.reply("refund", refundBody(sandbox.reply("pay", payBody())["paymentId"], "1"))],
    ["failed", (sandbox) => void sandbox.reply("pay", payBody({ value: "11" }))],
  ];
  for (const [name, before] of table) {
    const sandbox = createSandboxOperations();
    before(sandbox);
    t.equal(sandbox.code("cancel", { paymentRequestId: "pay-1" }), "ORDER_STATUS_INVALID", name);
  }
});

t.test("a paid order can be cancelled until a quarter past midnight in Antom's time zone, not after", async (t) => {
  const midnight = Date.UTC(2026, 10, 23, 16);
  for (const [atMs, code] of [
    [midnight + 15 * 60_000 - 1, "SUCCESS"],
    [midnight + 15 * 60_000, "CANCEL_WINDOW_EXCEED"],
  ] as const) {
    const sandbox = createSandboxOperations();
    sandbox.reply("pay", payBody());
    sandbox.nowMs = atMs;
    t.equal(sandbox.code("cancel", { paymentRequestId: "pay-1" }), code);
  }
});

t.test("an unknown order does not exist, and one of the ids is required", async (t) => {
  t.equal(createSandboxOperations().code("cancel", { paymentId: "nobody" }), "ORDER_NOT_EXIST");
  t.equal(createSandboxOperations().code("cancel", {}), "PARAM_ILLEGAL");
});
