/** refund and what inquiryRefund then says of it. */
import t from "tap";
import { captureBody, manualCapture, payBody, refundBody, wallet } from "../helpers/payments.ts";
import { createTill, type Till } from "../helpers/till.ts";

const paid = (till: Till): unknown => till.reply("pay", payBody())["paymentId"];

t.test("a refund names itself, its payment and its amount", async (t) => {
  const till = createTill();
  const paymentId = paid(till);
  t.match(till.reply("refund", refundBody(paymentId, "400")), {
    result: { resultCode: "SUCCESS" },
    refundRequestId: "refund-1",
    refundId: /^\d{28}$/,
    paymentId,
    refundAmount: { currency: "USD", value: "400" },
    refundTime: "2026-11-23T08:00:00+00:00",
  });
});

t.test("refunds add up to what was paid and no further", async (t) => {
  const till = createTill();
  const paymentId = paid(till);
  t.equal(till.code("refund", refundBody(paymentId, "400", "a")), "SUCCESS");
  t.equal(till.code("refund", refundBody(paymentId, "601", "b")), "REFUND_AMOUNT_EXCEED");
  t.equal(till.code("refund", refundBody(paymentId, "600", "c")), "SUCCESS");
  t.equal(till.code("refund", refundBody(paymentId, "1", "d")), "REFUND_AMOUNT_EXCEED");
});

t.test("of an authorisation only what was captured can be refunded", async (t) => {
  const till = createTill();
  const { paymentId } = till.reply("pay", payBody(manualCapture));
  t.equal(till.code("refund", refundBody(paymentId, "1", "a")), "ORDER_STATUS_INVALID");
  till.reply("capture", captureBody(paymentId, "300"));
  t.equal(till.code("refund", refundBody(paymentId, "301", "b")), "REFUND_AMOUNT_EXCEED");
  t.equal(till.code("refund", refundBody(paymentId, "300", "c")), "SUCCESS");
});

t.test("the same request id gets the same answer and refunds once, refusals included; changed, it is refused", async (t) => {
  const till = createTill();
  const paymentId = paid(till);
  const first = till.reply("refund", refundBody(paymentId, "400"));
  till.nowMs += 1000;
  t.same(till.reply("refund", refundBody(paymentId, "400")), first);
  t.equal(till.code("refund", refundBody(paymentId, "401")), "REPEAT_REQ_INCONSISTENT");
  t.equal(till.code("refund", refundBody(paymentId, "700", "much")), "REFUND_AMOUNT_EXCEED");
  t.equal(till.code("refund", refundBody(paymentId, "600", "much")), "REPEAT_REQ_INCONSISTENT");
  t.equal(till.desk.payments.all()[0]?.transactions.length, 1);
});

t.test("two clients may use the same refund request id", async (t) => {
  const till = createTill();
  const mine = till.reply("pay", payBody(), "SANDBOX_A")["paymentId"];
  const theirs = till.reply("pay", payBody(), "SANDBOX_B")["paymentId"];
  t.equal(till.code("refund", refundBody(mine), "SANDBOX_A"), "SUCCESS");
  t.equal(till.code("refund", refundBody(theirs), "SANDBOX_B"), "SUCCESS");
});

t.test("what cannot be refunded says why", async (t) => {
  const table: [string, (till: Till) => Record<string, unknown>, string][] = [
    ["an unknown payment", () => refundBody("nobody"), "ORDER_NOT_EXIST"],
    ["a payment in process", (till) => refundBody(till.reply("pay", payBody({ method: wallet }))["paymentId"]), "ORDER_STATUS_INVALID"],
    ["another currency", (till) => ({ ...refundBody(paid(till)), refundAmount: { currency: "EUR", value: "1" } }), "CURRENCY_NOT_SUPPORT"],
    ["no request id", (till) => ({ ...refundBody(paid(till)), refundRequestId: undefined }), "PARAM_ILLEGAL"],
  ];
  for (const [name, body, code] of table) {
    const till = createTill();
    t.equal(till.code("refund", body(till)), code, name);
  }
  const till = createTill();
  const paymentId = paid(till);
  till.reply("cancel", { paymentId });
  t.equal(till.code("refund", refundBody(paymentId)), "ORDER_IS_CANCELED");
});

t.test("a failed payment that nobody can name by id has nothing to refund", async (t) => {
  const till = createTill();
  till.reply("pay", payBody({ value: "11" }));
  const { paymentId } = till.reply("inquiryPayment", { paymentRequestId: "pay-1" });
  t.equal(till.code("refund", refundBody(paymentId, "1")), "ORDER_STATUS_INVALID");
});
