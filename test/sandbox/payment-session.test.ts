/** createPaymentSession: one session and one payment per request id. */
import t from "tap";
import { payBody, wallet } from "../helpers/payments.ts";
import { createSandboxOperations } from "../helpers/sandbox-operations.ts";

const { paymentMethod, ...body } = payBody({ id: "s" });

t.test("a session has data, an id and an hour, and its payment waits for the buyer", async (t) => {
  const sandbox = createSandboxOperations();
  const session = sandbox.reply("createPaymentSession", body);
  t.match(session, {
    result: { resultCode: "SUCCESS" },
    paymentSessionId: /^\d{28}$/,
    paymentSessionData: /^[A-Za-z0-9+/]+=*$/,
    paymentSessionExpiryTime: "2026-11-23T09:00:00+00:00",
    normalUrl: `http://stand-in/cashier/${session["paymentSessionId"]}`,
  });
  t.match(sandbox.reply("inquiryPayment", { paymentRequestId: "s" }), { paymentStatus: "PROCESSING", paymentAmount: { value: "1000" } });
});

t.test("the same request id gets the same session; another amount is refused", async (t) => {
  const sandbox = createSandboxOperations();
  const first = sandbox.reply("createPaymentSession", body);
  sandbox.nowMs += 60_000;
  t.same(sandbox.reply("createPaymentSession", body), first);
  t.equal(sandbox.code("createPaymentSession", { ...body, paymentAmount: { currency: "USD", value: "1" } }), "REPEAT_REQ_INCONSISTENT");
});

t.test("paying under the session's request id is the same payment, with whatever method", async (t) => {
  const sandbox = createSandboxOperations();
  const session = sandbox.reply("createPaymentSession", body);
  for (const method of [wallet, paymentMethod]) {
    const paid = sandbox.reply("pay", { ...body, paymentMethod: method });
    t.match(paid, { result: { resultCode: "PAYMENT_IN_PROCESS" }, normalUrl: session["normalUrl"] });
  }
});

t.test("all missing parameters are named", async (t) => {
  const { resultMessage } = createSandboxOperations().reply("createPaymentSession", {}).result;
  t.match(resultMessage, "`productCode`, `paymentRequestId`, `paymentAmount.currency` and `paymentAmount.value` are required.");
});

t.test("a session for an agreement alone needs no payment and makes none", async (t) => {
  const sandbox = createSandboxOperations();
  t.match(sandbox.reply("createPaymentSession", { productCode: "AGREEMENT_PAYMENT", agreementInfo: { authState: "x" } }), {
    result: { resultCode: "SUCCESS" },
    paymentSessionId: /^\d{28}$/,
    paymentSessionData: /^[A-Za-z0-9+/]+=*$/,
    paymentSessionExpiryTime: "2026-11-23T09:00:00+00:00",
  });
  t.equal(sandbox.state.payments.all().length, 0);
  t.equal(sandbox.code("createPaymentSession", { productCode: "AGREEMENT_PAYMENT", paymentRequestId: "a" }), "PARAM_ILLEGAL");
});
