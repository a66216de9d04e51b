/** consult: the methods on offer, less those that the merchant excludes. */
import t from "tap";
import { createSandboxOperations } from "../helpers/sandbox-operations.ts";

const body = { productCode: "CASHIER_PAYMENT", paymentAmount: { currency: "USD", value: "100" } };

function types(changes: Record<string, unknown> = {}): string[] {
  const options = createSandboxOperations().reply("consult", { ...body, ...changes })["paymentOptions"];
  return Array.isArray(options) ? options.map((option: { paymentMethodType: string }) => option.paymentMethodType) : [];
}

t.test("all methods are offered, each enabled and with its region", async (t) => {
  t.ok(types().length > 5);
  t.match(createSandboxOperations().reply("consult", body), {
    result: { resultCode: "SUCCESS" },
    paymentOptions: [{ paymentMethodType: "CARD", paymentMethodCategory: "CARD", enabled: true, paymentMethodRegion: ["GLOBAL"] }],
  });
});

t.test("allowed, blocked and regional methods", async (t) => {
  t.same(types({ allowedPaymentMethods: ["GCASH"] }), ["GCASH"]);
  t.notOk(types({ blockedPaymentMethods: ["GCASH"] }).includes("GCASH"));
  t.same(types({ allowedPaymentMethodRegions: ["KR"], blockedPaymentMethods: ["APPLEPAY", "GOOGLEPAY"] }), ["CARD", "KAKAOPAY"]);
  t.same(types({ allowedPaymentMethodRegions: ["GLOBAL"] }), types());
  t.same(types({ allowedPaymentMethods: [] }), types());
});

t.test("nothing left is no pay options, and a missing amount is named", async (t) => {
  t.equal(createSandboxOperations().code("consult", { ...body, allowedPaymentMethods: ["SEASHELLS"] }), "NO_PAY_OPTIONS");
  t.match(
    createSandboxOperations().reply("consult", { productCode: "X" }).result.resultMessage,
    "`paymentAmount.currency` and `paymentAmount.value` are required",
  );
});
