/** The table of answer types: complete, resolvable, and right where SDKs refused what the stand-in answered. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { operations } from "../../../src/antom/catalogue/operations.ts";
import { type FieldType, fieldsOf, responseFields } from "../../../src/antom/catalogue/response-types.ts";
import { projectRoot } from "../../helpers/program.ts";

const calls = operations.filter(({ kind }) => kind === "call");
const typeAt = (operation: string, field: string): FieldType | undefined => responseFields(operation).get(field);

t.test("each of the 160 calls has its fields, result first in all of them, and the required ones among them", async (t) => {
  t.equal(calls.length, 160);
  for (const { name, requiredResponseFields } of calls) {
    t.same(typeAt(name, "result"), { kind: "object", name: "Result" }, name);
    for (const field of requiredResponseFields) t.ok(responseFields(name).has(field), `${name}.${field}`);
  }
});

t.test("every named type leads to fields; only the sheet of batchRateQuery has none published", async (t) => {
  const seen = new Set<string>();
  const visit = (type: FieldType): void => {
    if (type.kind === "list" || type.kind === "map") visit(type.of);
    if (type.kind === "enum") t.ok(type.values.length > 0, type.name);
    if (type.kind !== "object" || seen.has(type.name)) return;
    seen.add(type.name);
    for (const one of fieldsOf(type.name).values()) visit(one);
  };
  for (const { name } of calls) for (const type of responseFields(name).values()) visit(type);
  t.ok(seen.size > 140);
  t.same(
    [...seen].filter((name) => fieldsOf(name).size === 0),
    ["MultiGradeRateSheet"],
  );
});

t.test("types on which SDKs insist", async (t) => {
  const table: [string, string, FieldType][] = [
    ["pay", "redirectActionForm", { kind: "object", name: "RedirectActionForm" }],
    ["pay", "paymentActionForm", { kind: "string" }],
    ["inquireCard", "totalCount", { kind: "integer" }],
    ["inquireCard", "totalPageNumber", { kind: "integer" }],
    ["meter.creditGrant.inquireList", "pageNum", { kind: "integer" }],
    ["tax.inquireCalculation", "totalAmount", { kind: "string" }],
    ["inquireCardDetail", "cardBrand", { kind: "enum", name: "CardBrandEnum", values: ["MASTERCARD"] }],
    ["inquireCardDetail", "metadata", { kind: "map", of: { kind: "string" } }],
    ["verifyAuthentication", "isPassed", { kind: "boolean" }],
    ["inquiryPayment", "transactions", { kind: "list", of: { kind: "object", name: "Transaction" } }],
    ["billing.product.uploadImage", "imageUrl", { kind: "string" }],
    ["billing.product.uploadImage", "imageName", { kind: "string" }],
  ];
  for (const [operation, field, type] of table) t.same(typeAt(operation, field), type, `${operation}.${field}`);
  t.same([...fieldsOf("RedirectActionForm").keys()], ["method", "parameters", "redirectUrl", "actionFormType"]);
});

t.test("the fields of September 2026", async (t) => {
  t.match(typeAt("inquiryPayment", "authReviewStatus"), { kind: "enum", values: ["PROCESSING", "ACCEPT", "REJECT"] });
  t.match(typeAt("inquiryPayment", "authReviewSource"), { kind: "enum", values: ["ANTOM_SHIELD", "PSP"] });
  t.match(typeAt("inquiryPayment", "popRiskDecisionResultInfo"), { kind: "object", name: "PopRiskDecisionResultInfo" });
  t.same([...fieldsOf("PopRiskDecisionResultInfo").keys()], ["riskAuthDecision", "riskDecision", "postRiskDecision"]);
  t.match(typeAt("inquiryRefund", "splitDetails"), { kind: "list", of: { name: "SplitDetail" } });
  t.same([...fieldsOf("SplitDetail").keys()], ["splitTo", "splitAmount", "actualSplitAmount", "description"]);
  t.same(fieldsOf("CreditGrant").get("availableAmount"), { kind: "object", name: "Amount" });
});

t.test("names are exact, and unknown ones have no fields", async (t) => {
  for (const name of ["Pay", "", "constructor", "__proto__", "notifyPayment"]) t.equal(responseFields(name).size, 0, name);
  for (const name of ["amount", "", "constructor", "CardBrand"]) t.equal(fieldsOf(name).size, 0, name);
});

t.test("the data names its sources: five repositories at a commit and a day, and a class or page for each call", async (t) => {
  const data: unknown = JSON.parse(readFileSync(join(projectRoot, "src/antom/catalogue/response-types.json"), "utf8"));
  const commit = { repository: /^alipay\/global-open-sdk-/, commit: /^[0-9a-f]{40}$/, date: /^2026-\d\d-\d\d$/ };
  t.match(data, { _meta: { sdks: { java: commit, python: commit, php: commit, go: commit, dotnet: commit } } });
  for (const { name } of calls)
    t.match(data, { operations: { [name]: { source: /^(?:java:response\/.+\.java|https:\/\/docs\.antom\.com\/.+)$/ } } });
});
