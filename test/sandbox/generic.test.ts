/** Every catalogued call is answered; those that are not acted out with a success in the right shape. */
import t from "tap";
import { operations } from "../../src/antom/catalogue/operations.ts";
import { createTill } from "../helpers/till.ts";

const acted = new Set(["pay", "inquiryPayment", "cancel", "capture", "refund", "inquiryRefund", "consult", "createPaymentSession"]);
const others = operations.filter(({ kind, name }) => kind === "call" && !acted.has(name));

t.test("each of the others succeeds, with all fields that the page promises and a value of the name's kind", async (t) => {
  t.ok(others.length > 140);
  for (const { name, requiredResponseFields } of others) {
    const answer = createTill().reply(name, {});
    t.equal(answer.result.resultCode, "SUCCESS", name);
    const missing = requiredResponseFields.filter((field) => !(field in answer));
    t.same(missing, [], `${name}: nothing is missing`);
    for (const [field, value] of Object.entries(answer)) {
      if (/(?:Time|At|Date)$/.test(field)) t.match(value, /^2026-11-23T/, `${name}: ${field}`);
      if (/Amount$/.test(field)) t.match(value, { currency: "USD", value: "100" }, `${name}: ${field}`);
      if (/(?:List|Items)$/.test(field)) t.same(value, [], `${name}: ${field}`);
    }
  }
});

t.test("what the request named comes back as it was sent", async (t) => {
  const till = createTill();
  const asked = { authState: "x", subscriptionRequestId: "sub-1", quoteId: "q-1" };
  t.equal(till.reply("createSubscription", asked)["subscriptionRequestId"], undefined, "only fields that the answer has");
  t.match(till.reply("register", { registrationRequestId: "r-1" }).result, { resultStatus: "S" });
  t.match(till.reply("submitAttachment", { submitAttachmentRequestId: "att-1", attachmentType: "PDF" }), {
    submitAttachmentRequestId: "att-1",
    attachmentType: "PDF",
  });
});

t.test("a field too long to keep does not come back", async (t) => {
  const answer = createTill().reply("submitAttachment", { attachmentType: "x".repeat(5000), submitAttachmentRequestId: "y".repeat(5000) });
  t.notOk("attachmentType" in answer);
  t.match(answer["submitAttachmentRequestId"], /^\d{28}$/);
});

t.test("where a request id makes a call repeatable, the same one gets the same ids", async (t) => {
  const till = createTill();
  const first = till.reply("settle", { settlementRequestId: "s-1" });
  till.nowMs += 5000;
  t.same(till.reply("settle", { settlementRequestId: "s-1" }), first);
  t.not(till.reply("settle", { settlementRequestId: "s-2" })["settlementId"], first["settlementId"]);
});
