/** createPaymentSession: one session and one payment per request id. */
import t from "tap";
import { payBody, wallet } from "../helpers/payments.ts";
import { createTill } from "../helpers/till.ts";

const { paymentMethod, ...body } = payBody({ id: "s" });

t.test("a session has data, an id and an hour, and its payment waits for the buyer", async (t) => {
  const till = createTill();
  const session = till.reply("createPaymentSession", body);
  t.match(session, {
    result: { resultCode: "SUCCESS" },
    paymentSessionId: /^\d{28}$/,
    paymentSessionData: /^[A-Za-z0-9+/]+=*$/,
    paymentSessionExpiryTime: "2026-11-23T09:00:00+00:00",
    normalUrl: `http://stand-in/cashier/${session["paymentSessionId"]}`,
  });
  t.match(till.reply("inquiryPayment", { paymentRequestId: "s" }), { paymentStatus: "PROCESSING", paymentAmount: { value: "1000" } });
});

t.test("the same request id gets the same session; another amount is refused", async (t) => {
  const till = createTill();
  const first = till.reply("createPaymentSession", body);
  till.nowMs += 60_000;
  t.same(till.reply("createPaymentSession", body), first);
  t.equal(till.code("createPaymentSession", { ...body, paymentAmount: { currency: "USD", value: "1" } }), "REPEAT_REQ_INCONSISTENT");
});

t.test("paying under the session's request id is the same payment, with whatever method", async (t) => {
  const till = createTill();
  const session = till.reply("createPaymentSession", body);
  for (const method of [wallet, paymentMethod]) {
    const paid = till.reply("pay", { ...body, paymentMethod: method });
    t.match(paid, { result: { resultCode: "PAYMENT_IN_PROCESS" }, normalUrl: session["normalUrl"] });
  }
});

t.test("all missing parameters are named", async (t) => {
  const { resultMessage } = createTill().reply("createPaymentSession", {}).result;
  t.match(resultMessage, "`productCode`, `paymentRequestId`, `paymentAmount.currency` and `paymentAmount.value` are required.");
});

t.test("a session for an agreement alone needs no payment and makes none", async (t) => {
  const till = createTill();
  t.match(till.reply("createPaymentSession", { productCode: "AGREEMENT_PAYMENT", agreementInfo: { authState: "x" } }), {
    result: { resultCode: "SUCCESS" },
    paymentSessionId: /^\d{28}$/,
    paymentSessionData: /^[A-Za-z0-9+/]+=*$/,
    paymentSessionExpiryTime: "2026-11-23T09:00:00+00:00",
  });
  t.equal(till.desk.payments.all().length, 0);
  t.equal(till.code("createPaymentSession", { productCode: "AGREEMENT_PAYMENT", paymentRequestId: "a" }), "PARAM_ILLEGAL");
});
