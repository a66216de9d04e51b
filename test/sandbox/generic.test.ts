/** Every catalogued call is answered; those that are not acted out with a success in which every documented field has its type. */
import t from "tap";
import { operations } from "../../src/antom/catalogue/operations.ts";
import { createSandboxOperations } from "../helpers/sandbox-operations.ts";
import { missingFields, mistypedFields } from "../helpers/typed-answers.ts";

const acted = new Set([
  "pay",
  "inquiryPayment",
  "cancel",
  "capture",
  "refund",
  "inquiryRefund",
  "consult",
  "createPaymentSession",
  "meter.uploadEvent",
]);
const others = operations.filter(({ kind, name }) => kind === "call" && !acted.has(name));

t.test("each of the others succeeds, with every documented field in the type that the SDKs' classes have", async (t) => {
  t.ok(others.length > 140);
  for (const { name, requiredResponseFields } of others) {
    const answer = createSandboxOperations().reply(name, {});
    t.equal(answer.result.resultCode, "SUCCESS", name);
    t.same(
      requiredResponseFields.filter((field) => !(field in answer)),
      [],
      `${name}: nothing that is required is missing`,
    );
    t.same(missingFields(name, answer), [], `${name}: no field is missing`);
    t.same(mistypedFields(name, answer), [], `${name}: each field has its type`);
    for (const [field, value] of Object.entries(answer)) {
      if (/(?:Time|At)$/.test(field)) t.match(value, /^2026-11-23T/, `${name}: ${field}`);
    }
  }
});

t.test("what SDKs refused: counts as text, an amount for a text, a brand outside the enum, missing image fields", async (t) => {
  const sandbox = createSandboxOperations();
  t.match(sandbox.reply("inquireCard", {}), { totalCount: 1, totalPageNumber: 1, cardList: [{ cardStatus: "ACTIVE" }] });
  t.match(sandbox.reply("meter.creditGrant.inquireList", {}), { pageNum: 1, pageSize: 10, totalCount: 1 });
  t.match(sandbox.reply("meter.creditGrant.inquireList", {}), { creditGrants: [{ availableAmount: { currency: "USD", value: "100" } }] });
  t.equal(sandbox.reply("tax.inquireCalculation", {})["totalAmount"], "100");
  t.equal(sandbox.reply("inquireCardDetail", {})["cardBrand"], "MASTERCARD");
  t.match(sandbox.reply("billing.product.uploadImage", { productId: "p-1" }), { imageUrl: /^http/, imageName: /./, productId: "p-1" });
  t.match(sandbox.reply("vaultPaymentMethod", {}), { normalUrl: /^http/, paymentMethodDetail: { paymentMethodType: "CARD" } });
});

t.test("objects on which the Python SDK fails are not in any answer", async (t) => {
  t.same(createSandboxOperations().reply("tax.inquireRegistrationList", {})["registrations"], []);
  const { declarationRecords } = createSandboxOperations().reply("inquiryDeclarationRequests", {});
  t.match(declarationRecords, [{ declarationRequestId: /^\d{28}$/ }]);
  t.notMatch(declarationRecords, [{ customs: {} }]);
  t.notMatch(declarationRecords, [{ merchantCustomsInfo: {} }]);
});

t.test("what the request named comes back in the answer's type, at the top and inside objects", async (t) => {
  const sandbox = createSandboxOperations();
  t.equal(
    sandbox.reply("createSubscription", { subscriptionRequestId: "sub-1" })["subscriptionRequestId"],
    undefined,
    "only fields that the answer has",
  );
  t.match(sandbox.reply("submitAttachment", { submitAttachmentRequestId: "att-1", attachmentType: "LOGO" }), {
    submitAttachmentRequestId: "att-1",
    attachmentType: "LOGO",
  });
  t.match(sandbox.reply("meter.creditGrant.inquireList", { pageNum: "3", pageSize: 25, customerId: "c-1" }), {
    pageNum: 3,
    pageSize: 25,
    creditGrants: [{ customerId: "c-1" }],
  });
  t.match(sandbox.reply("tax.inquireCalculation", { currency: "EUR", totalAmount: 1200, taxDate: { a: 1 } }), {
    currency: "EUR",
    totalAmount: "1200",
    taxDate: /^2026-11-23T/,
  });
  t.equal(sandbox.reply("inquireCardDetail", { cardBrand: "VISA" })["cardBrand"], "MASTERCARD", "not a value of the enum");
});

t.test("whatever a request holds under the answer's names, the answer keeps its types", async (t) => {
  const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
  const values = [null, 0, -1.5, 1e300, "", "x".repeat(5000), true, [], [null], {}, { value: null }, [[["a"]]], deep, "true", "12"];
  for (const { name } of others) {
    const fields = Object.keys(createSandboxOperations().reply(name, {}));
    for (const value of values) {
      const answer = createSandboxOperations().reply(name, Object.fromEntries(fields.map((field) => [field, value])));
      t.same([...mistypedFields(name, answer), ...missingFields(name, answer, 1)], [], name);
    }
  }
});

t.test("a text too long to keep does not come back, nor does a list of many entries", async (t) => {
  const answer = createSandboxOperations().reply("submitAttachment", {
    attachmentType: "x".repeat(5000),
    submitAttachmentRequestId: "y".repeat(5000),
  });
  t.equal(answer["attachmentType"], "SIGNATURE_AUTHORIZATION_LETTER");
  t.match(answer["submitAttachmentRequestId"], /^\d{28}$/);
  const cards = createSandboxOperations().reply("inquireCard", { cardList: Array.from({ length: 1000 }, () => ({})) })["cardList"];
  t.ok(Array.isArray(cards) && cards.length === 1);
});

t.test("no request makes the answer grow beyond its own size and that of an answer to nothing", async (t) => {
  const sandbox = createSandboxOperations();
  const names = others.flatMap(({ name }) => fieldNames(sandbox.reply(name, {})));
  const full = Object.fromEntries([...new Set(names)].map((name) => [name, /s$|List$/.test(name) ? Array(10).fill({}) : "x".repeat(1000)]));
  const size = JSON.stringify(full).length;
  for (const { name, idempotencyField = "" } of others) {
    const answer = sandbox.reply(name, { ...full, [idempotencyField]: undefined });
    t.ok(JSON.stringify(answer).length < size, `${name}: ${JSON.stringify(answer).length} of ${size}`);
  }
});

/** The names of all members of an answer, however deep. */
function fieldNames(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) => [...(Array.isArray(value) ? [] : [name]), ...fieldNames(held)]);
}

t.test("one name has one made-up id in an answer, and never the one of another answer", async (t) => {
  const sandbox = createSandboxOperations();
  const texts = [1, 2].map(() => JSON.stringify(sandbox.reply("billing.invoice.inquireDetails", {})));
  const [first, second] = texts.map((text) => new Set([...text.matchAll(/"invoiceId":"(\d+)"/g)].map(([, id]) => id)));
  t.equal(first?.size, 1);
  t.notSame(first, second);
});

t.test("where a request id makes a call repeatable, the same one gets the same ids", async (t) => {
  const sandbox = createSandboxOperations();
  const first = sandbox.reply("settle", { settlementRequestId: "s-1" });
  sandbox.nowMs += 5000;
  t.same(sandbox.reply("settle", { settlementRequestId: "s-1" }), first);
  t.not(sandbox.reply("settle", { settlementRequestId: "s-2" })["settlementId"], first["settlementId"]);
});
