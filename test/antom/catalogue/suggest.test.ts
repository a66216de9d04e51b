import t from "tap";
import { nearestCodes, nearestOperations } from "../../../src/antom/catalogue/suggest.ts";

const operationCases: readonly (readonly [string, readonly string[], string])[] = [
  ["pya", ["pay"], "letters swapped"],
  ["Pay", ["pay"], "another case alone"],
  ["refunds", ["refund"], "a letter too many"],
  ["inquirePayment", ["inquiryPayment", "inquireDirectPayment", "inquireSubscriptionPayment"], "a slip before the same words"],
  ["paymentInquiry", ["inquiryPayment"], "the words in another order"],
  ["createInvoice", ["billing.invoice.create", "billing.invoice.createViewLink"], "without the prefix"],
  ["billing_invoice_create", ["billing.invoice.create"], "other marks between the words"],
  ["cancelPayment", ["cancel"], "a word too many"],
  ["vault", ["vaultPaymentMethod"], "one word that few names have"],
  ["update", ["updateSettlementInfo", "updateSubscription"], "the name on the documentation pages"],
  ["/v1/payments/pay", ["pay"], "the path as the documentation prints it"],
  ["/ams/sandbox/api/v1/payments/refund", ["refund"], "the path as it is called"],
];

t.test("an operation's nearest right spellings", async (t) => {
  for (const [name, expected, why] of operationCases) t.same(nearestOperations(name, "call"), expected, `${name}: ${why}`);
  for (const name of ["xyzzy", "", " ", "ab", "/nowhere", "__proto__"])
    t.same(nearestOperations(name, "call"), [], `"${name}": nothing is near`);
});

t.test("notifications are offered only where they are asked for", async (t) => {
  t.same(nearestOperations("notifyPaymnt", "call"), []);
  t.equal(nearestOperations("notifyPaymnt", "notification")[0], "notifyPayment");
  t.equal(nearestOperations("notifyPaymnt")[0], "notifyPayment");
});

const codeCases: readonly (readonly [string, string | undefined, readonly string[], string])[] = [
  ["RISK_REJCT", "pay", ["RISK_REJECT"], "a letter missing"],
  ["risk-reject", "pay", ["RISK_REJECT"], "another case and other marks"],
  ["REJECT_RISK", "pay", ["RISK_REJECT"], "the words in another order"],
  ["PAYMENT_PROCESSING", "pay", ["PAYMENT_IN_PROCESS"], "alike"],
  ["API_INVALID", "pay", ["INVALID_API"], "the other spelling of the same meaning"],
  ["api_invalid", "pay", ["INVALID_API"], "the other spelling, in another case"],
  ["OAUTH_FAIL", "pay", ["OAUTH_FAILED"], "the other product's spelling"],
  ["INSUFFICIENT_BALANCE", "pay", ["USER_BALANCE_NOT_ENOUGH"], "a telling word in common"],
  ["INSUFFICIENT_BALANCE", "refund", ["MERCHANT_BALANCE_NOT_ENOUGH"], "the same word, in the codes of that API"],
  ["REFUND_IN_PROCES", undefined, ["REFUND_IN_PROCESS"], "any API"],
  ["RISK_REJEC", "tax.calculate", ["RISK_REJECT"], "an API whose list is not known"],
  ["XYZZY", "pay", [], "nothing is near"],
  ["REFUND_IN_PROCESS", "pay", [], "right elsewhere, nothing near here"],
  ["", undefined, [], "nothing at all"],
];

t.test("a code's nearest right spellings", async (t) => {
  for (const [code, operation, expected, why] of codeCases)
    t.same(nearestCodes(code, operation), expected, `${code} of ${operation}: ${why}`);
});

t.test("long names are answered at once", async (t) => {
  const startedAtMs = performance.now();
  nearestCodes("A_".repeat(500), "pay");
  nearestOperations("a".repeat(1000));
  t.ok(performance.now() - startedAtMs < 500);
});
