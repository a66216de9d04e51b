import t from "tap";
import { type AcceptedResult, checkOperation, checkResult, type Refusal } from "../../../src/antom/catalogue/check-result.ts";

function refusal(result: { readonly kind: "ok" } | Refusal): Refusal {
  return result.kind === "refused" ? result : { kind: "refused", message: "(accepted)", remedy: "" };
}

function tablesOf(check: AcceptedResult | Refusal, operations: readonly string[]): (string | undefined)[] {
  return check.kind === "ok" ? operations.map((operation) => check.rowFor(operation)?.table) : [];
}

t.test("a call of the catalogue may be overridden", async (t) => {
  t.match(checkOperation("pay"), { kind: "ok", operation: { name: "pay" } });
  t.match(checkOperation("billing.invoice.create"), { kind: "ok" });
});

t.test("an unknown API is refused with the nearest right spelling", async (t) => {
  t.same(checkOperation("pya"), { kind: "refused", message: "`pya` is not an API of Antom", remedy: "did you mean `pay`?" });
  t.match(refusal(checkOperation("update")).remedy, "did you mean `updateSettlementInfo` or `updateSubscription`?");
  t.match(refusal(checkOperation("xyzzy")).remedy, "`antom-fault-proxy codes` lists all");
});

t.test("a notification cannot be overridden, however it is spelled", async (t) => {
  for (const name of ["notifyPayment", "NotifyPayment", "notifyPaymnt"]) {
    t.equal(refusal(checkOperation(name)).message, `\`${name}\` is a notification: Antom sends it to you, so it cannot be overridden`);
  }
});

t.test("a code of the API is accepted, with the row that each operation answers with", async (t) => {
  const check = checkResult(["pay", "refund"], "PROCESS_FAIL", false);
  t.match(check, { kind: "ok", mustState: [] });
  t.same(tablesOf(check, ["pay", "refund"]), ["pay", "refund"]);
});

t.test("a misspelled code is refused, and the remedy names the right one and the ways out", async (t) => {
  t.same(checkResult(["pay"], "RISK_REJCT", false), {
    kind: "refused",
    message: "`RISK_REJCT` is not a result code of `pay`",
    remedy:
      "did you mean `RISK_REJECT`? `antom-fault-proxy codes pay` lists its codes; `allowUnknown: true` with `status` and `message` lets any code through",
  });
});

t.test("a code of other APIs is refused, and the remedy says whose it is", async (t) => {
  const { message, remedy } = refusal(checkResult(["pay"], "REFUND_IN_PROCESS", false));
  t.equal(message, "`REFUND_IN_PROCESS` is not a result code of `pay`");
  t.match(remedy, /^it is returned by `refund`; /);
  t.match(
    refusal(checkResult(["consult"], "RISK_REJECT", false)).remedy,
    /it is returned by `capture`, `pay`, `[^`]+`, `[^`]+` and 2 more; /,
  );
});

t.test("a code that the answer reports in another field is refused with that field", async (t) => {
  const { remedy } = refusal(checkResult(["inquiryPayment"], "RISK_REJECT", false));
  t.match(remedy, "`inquiryPayment` reports it in `paymentResultCode`: answer `{code: SUCCESS, fields: {paymentResultCode: RISK_REJECT}}`");
});

t.test("a rule for several APIs needs a code that each returns", async (t) => {
  t.equal(refusal(checkResult(["refund", "pay"], "REFUND_IN_PROCESS", false)).message, "`REFUND_IN_PROCESS` is not a result code of `pay`");
  t.equal(
    refusal(checkResult(["consult", "pay", "capture"], "NO_SUCH_CODE", false)).message,
    "`NO_SUCH_CODE` is not a result code of `consult`, `pay` or `capture`",
  );
  t.match(refusal(checkResult(["inquiryPayment", "pay"], "PROCES_FAIL", false)).remedy, /^did you mean `PROCESS_FAIL`\?/);
});

t.test("a rule for any API takes every catalogued code, and no other", async (t) => {
  const check = checkResult(undefined, "RISK_REJECT", false);
  t.match(check, { kind: "ok", mustState: [] });
  t.match(checkResult([], "RISK_REJECT", false), { kind: "ok" });
  t.same(tablesOf(check, ["pay"]), ["pay"], "at a call, the row of the operation called");
  t.same(refusal(checkResult(undefined, "RISK_REJCT", false)).message, "`RISK_REJCT` is not a result code of Antom");
});

t.test("an API whose list is not fully known takes every catalogued code, and no other", async (t) => {
  for (const operation of ["tax.calculate", "decide", "cancel"]) {
    t.match(checkResult([operation], "RISK_REJECT", false), { kind: "ok", mustState: [] }, operation);
    t.equal(refusal(checkResult([operation], "RISK_REJCT", false)).message, "`RISK_REJCT` is not a result code of Antom", operation);
  }
});

t.test("a code whose status no page gives must come with one", async (t) => {
  t.match(checkResult(["billing.price.create"], "TOO_MANY_TIERS", false), { kind: "ok", mustState: ["status"] });
  t.match(checkResult(["pay"], "INCORRECT_BLIKCODE", false), { kind: "ok", mustState: ["status"] });
  t.match(checkResult(["cancel"], "PROCESS_FAIL", false), { kind: "ok", mustState: [] });
});

t.test("allowUnknown lets any code in, if the rule states what the catalogue cannot", async (t) => {
  const own = checkResult(["pay"], "MY_OWN_CODE", true);
  t.match(own, { kind: "ok", mustState: ["status", "message"] });
  t.same(tablesOf(own, ["pay"]), [undefined]);
  t.match(checkResult(undefined, "MY_OWN_CODE", true), { kind: "ok", mustState: ["status", "message"] });
  t.match(checkResult(["pay", "refund"], "REFUND_IN_PROCESS", true), { kind: "ok", mustState: ["status", "message"] });
  t.match(checkResult(["pay"], "RISK_REJECT", true), { kind: "ok", mustState: [] }, "known codes need nothing more");
});

t.test("messages start in lower case or with a name, and end without a full stop", async (t) => {
  for (const code of ["RISK_REJCT", "XYZZY", "REFUND_IN_PROCESS", ""]) {
    const { message, remedy } = refusal(checkResult(["pay"], code, false));
    for (const text of [message, remedy]) t.match(text, /^[a-z`].*[^.;]$/, text);
  }
});
