/** The page's pure parts: searching APIs, filtering calls, reading times. */
import t from "tap";
import { summarize } from "../../src/admin/api/views/call-view.ts";
import { clockTime, countdown, counted, milliseconds, prettyBody } from "../../src/dashboard/format.ts";
import { groupsOf, matching } from "../../src/dashboard/simulate/match-operations.ts";
import { passes, queryOf, valuesOf } from "../../src/dashboard/traffic/filters.ts";
import { callRecord, identity, injectedRecord } from "../helpers/call-record.ts";

const operation = (name: string, group: string) => ({ name, group, codes: 5, known: "full" as const });
const OPERATIONS = [
  operation("inquiryPayment", "Payment"),
  operation("pay", "Payment"),
  operation("createPayout", "Account"),
  operation("refund", "Payment"),
];
const names = (found: readonly { name: string }[]): string[] => found.map((one) => one.name);

t.test("a search finds names and groups, those that begin with it first", async (t) => {
  t.strictSame(names(matching(OPERATIONS, "pay")), ["pay", "inquiryPayment", "refund", "createPayout"]);
  t.strictSame(names(matching(OPERATIONS, " PAYOUT acc")), ["createPayout"]);
  t.strictSame(names(matching(OPERATIONS, "nothing")), []);
  t.strictSame(names(matching(OPERATIONS, "")), ["inquiryPayment", "pay", "refund", "createPayout"], "grouped as the list shows them");
  t.strictSame(
    groupsOf(OPERATIONS).map(({ group }) => group),
    ["Payment", "Account"],
  );
});

t.test("calls pass all filters that are set", async (t) => {
  const forwarded = summarize({ sequence: 1, record: callRecord() });
  const injected = summarize({ sequence: 2, record: injectedRecord() });
  const unknown = summarize({ sequence: 3, record: callRecord({ identity: identity({ operation: undefined, clientId: undefined }) }) });
  t.equal(passes(injected, { outcome: "injected", rule: "pay-risk-reject" }), true);
  t.equal(passes(forwarded, { outcome: "injected" }), false);
  t.equal(passes(forwarded, { outcome: "" }), true, "an empty filter is none");
  t.equal(passes(unknown, { operation: "other" }), true);
  t.strictSame(valuesOf([injected, forwarded, unknown], "operation"), ["other", "pay"]);
  t.strictSame(valuesOf([forwarded, unknown], "rule"), []);
  t.strictSame(queryOf({ outcome: "injected", rule: "" }), { outcome: "injected" });
});

t.test("times, counts and bodies read well", async (t) => {
  t.equal(countdown(1_799_001), "30:00");
  t.equal(countdown(59_000), "00:59");
  t.equal(countdown(3_600_000), "1:00:00");
  t.equal(countdown(-5), "00:00");
  t.match(clockTime(0), /^\d\d:\d\d:00\.000$/);
  t.strictSame([milliseconds(0.349), milliseconds(12.6), milliseconds(1500)], ["0.3 ms", "13 ms", "1.50 s"]);
  t.strictSame([counted(1, "call"), counted(1200, "call")], ["1 call", "1,200 calls"]);
  t.equal(prettyBody('{"a":1}'), '{\n  "a": 1\n}');
  t.equal(prettyBody("cut {"), "cut {");
});
