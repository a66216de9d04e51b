import t from "tap";
import { operations } from "../../../src/antom/catalogue/operations.ts";
import {
  allCodes,
  codeFieldsOf,
  codesOf,
  codesOfField,
  isCatalogued,
  messageOf,
  operationsReturning,
  resultCode,
} from "../../../src/antom/catalogue/result-codes.ts";
import { codeFields, mentioned, partialLists, spellings, tables } from "../../../src/antom/catalogue/tables.ts";

const codesIn = (list: { readonly codes: readonly { readonly code: string }[] } | undefined): string[] =>
  (list?.codes ?? []).map((row) => row.code);

t.test("the catalogue holds 685 rows, each with a code, a status and a source, and no code twice in a table", async (t) => {
  const rows = [...tables.values()].flat();
  t.equal(rows.length, 685);
  for (const row of rows) t.match(row, { code: /^[A-Z][A-Z0-9_]+$/, status: /^[SFU]$/, source: / |^https:/ }, `${row.table} ${row.code}`);
  for (const [name, own] of tables) t.equal(new Set(own.map((row) => row.code)).size, own.length, name);
});

t.test("no two tables differ in the status of a code", async (t) => {
  const statuses = new Map<string, string>();
  for (const row of [...tables.values()].flat()) {
    t.equal(statuses.get(row.code) ?? row.status, row.status, `${row.table} ${row.code}`);
    statuses.set(row.code, row.status ?? "");
  }
});

t.test("every table, partial list and field belongs to something that exists", async (t) => {
  const names = new Set(operations.map((operation) => operation.name));
  const fieldTables = new Set(codeFields.map((field) => field.table));
  const isKnown = (name: string): boolean => name === "*" || names.has(name.replace(/ \(in-store\)$/, "")) || fieldTables.has(name);
  for (const name of [...tables.keys(), ...mentioned.keys(), ...partialLists.keys()]) t.ok(isKnown(name), name);
  for (const { operation, table } of codeFields) t.ok(names.has(operation) && tables.has(table), `${operation} ${table}`);
  for (const pair of spellings) t.ok(pair.some(isCatalogued), pair.join(" "));
});

t.test("most lists are known fully, in part or not at all", async (t) => {
  const counts = { full: 0, partial: 0, none: 0 };
  for (const operation of operations) counts[codesOf(operation.name).known] += 1;
  t.same(counts, { full: 32, partial: 16, none: 135 });
  t.equal(codesOf("pay").known, "full");
  t.equal(codesOf("cancel").known, "partial");
  t.equal(codesOf("tax.calculate").known, "none");
  t.equal(codesOf("no such API").known, "none");
});

t.test(
  "an operation's list starts with its own table and ends with the common codes and those seen in the field, each code once",
  async (t) => {
    const codes = codesIn(codesOf("pay"));
    t.equal(codes[0], "SUCCESS");
    t.equal(codes.length, new Set(codes).size);
    for (const code of ["RISK_REJECT", "PAYMENT_IN_PROCESS", "INCORRECT_BLIKCODE", "INVALID_SIGNATURE"]) t.ok(codes.includes(code), code);
    t.equal(codesOf("pay").codes.find((row) => row.code === "ACCESS_DENIED")?.table, "pay");
    const tablesInOrder = [...new Set(codesOf("pay").codes.map((row) => row.table))];
    t.same(tablesInOrder.slice(-2), ["*", "seen in the field"]);
  },
);

t.test("in-store variants belong to the operation of the same path", async (t) => {
  t.match(resultCode("refund", "CLIENT_INVALID"), { table: "refund (in-store)", status: "F" });
  t.match(resultCode("inquiryRefund", "CLIENT_INVALID"), { table: "inquiryRefund (in-store)" });
  t.match(resultCode("pay", "PAYMENT_NOT_EXIST"), { table: "pay (in-store) (text)" });
});

t.test("a row comes from the operation's own table first", async (t) => {
  t.match(resultCode("pay", "RISK_REJECT"), { status: "F", table: "pay", message: /risk control/ });
  t.match(resultCode("pay", "INVALID_SIGNATURE"), { status: "F", table: "*" });
  t.match(resultCode("pay", "INCORRECT_BLIKCODE"), { status: undefined, table: "pay (text)" });
});

t.test("a code that a fully known list lacks has no row there", async (t) => {
  t.equal(resultCode("inquiryPayment", "RISK_REJECT"), undefined);
  t.equal(resultCode("pay", "REFUND_IN_PROCESS"), undefined);
  t.equal(resultCode("pay", "risk_reject"), undefined);
  t.equal(resultCode("pay", "constructor"), undefined);
});

t.test("where the list is not fully known, or the operation undefined, any catalogued code has a row", async (t) => {
  for (const operation of [undefined, "tax.calculate", "cancel", "decide"]) {
    t.match(resultCode(operation, "RISK_REJECT"), { status: "F" }, String(operation));
    t.equal(resultCode(operation, "NO_SUCH_CODE"), undefined, String(operation));
  }
});

t.test("a code named without a status takes that of the tables, where one has it", async (t) => {
  t.match(resultCode("cancel", "PROCESS_FAIL"), { status: "F", table: "cancel (text)" });
  const open = allCodes.filter((code) => resultCode(undefined, code)?.status === undefined);
  t.same(open.toSorted(), [
    "BIZ_DUPLICATE_PRODUCT_REQUEST",
    "CONTEXT_INCONSISTENT",
    "INCORRECT_BLIKCODE",
    "INCREMENTAL_NOT_SUPPORT",
    "INVALID_METADATA_KEY",
    "INVALID_PARAMETER",
    "NO_PAY_OPTION",
    "PAYMENT_IN_PROCESSING",
    "PAYMENT_NOT_EXIST",
    "TOO_MANY_TIERS",
  ]);
});

t.test("the message is the row's own, else the common one, else another table's, else made from the code", async (t) => {
  const own = resultCode("pay", "PAYMENT_IN_PROCESS");
  t.same(own && messageOf(own), { text: "The payment is being processed.", published: true });
  t.same(messageOf({ code: "PARAM_ILLEGAL", message: undefined }).text, resultCode(undefined, "PARAM_ILLEGAL")?.message);
  t.equal(resultCode(undefined, "PARAM_ILLEGAL")?.table, "*");
  t.same(messageOf({ code: "RISK_REJECT", message: undefined }).published, true);
  t.same(messageOf({ code: "CANCEL_WINDOW_EXCEED", message: undefined }), { text: "Cancel window exceed.", published: false });
  t.same(messageOf({ code: "INVALID_CVV", message: undefined }), { text: "Invalid CVV.", published: false });
  t.same(messageOf({ code: "__", message: undefined }), { text: ".", published: false });
});

t.test("every code has a message and a status or is told apart", async (t) => {
  for (const code of allCodes) {
    const row = resultCode(undefined, code);
    t.ok(row !== undefined && /\S/.test(messageOf(row).text), code);
  }
  t.equal(allCodes.length, 132);
});

t.test("body fields other than result draw on tables of their own", async (t) => {
  t.ok(codesIn(codesOfField("inquiryPayment", "paymentResultCode")).includes("RISK_REJECT"));
  t.ok(codesIn(codesOfField("inquiryPayment", "transactions[].transactionResult.resultCode")).includes("PAYMENT_IN_PROCESS"));
  t.ok(codesIn(codesOfField("inquiryRefund", "refundResultCode")).includes("REFUND_WINDOW_EXCEED"));
  t.ok(codesIn(codesOfField("inquireVaulting", "vaultingResultCode")).includes("LOST_CARD"));
  t.equal(codesOfField("notifyDirectPayment", "paymentResultCode")?.known, "partial");
  t.same(codeFieldsOf("inquiryPayment"), ["paymentResultCode", "transactions[].transactionResult.resultCode"]);
  t.equal(codesOfField("pay", "paymentResultCode"), undefined);
  t.equal(codesOfField("inquiryPayment", "result"), undefined);
});

t.test("a table that serves two operations gives each only the rows that its page prints", async (t) => {
  const inquiry = codesIn(codesOfField("inquiryPayment", "paymentResultCode"));
  const notification = codesIn(codesOfField("notifyPayment", "result.resultCode"));
  t.equal(inquiry.length, 34);
  t.equal(notification.length, 40);
  t.same(notification.toSorted(), (tables.get("notifyPayment") ?? []).map((row) => row.code).toSorted());
});

t.test("the catalogue is a closed set of codes", async (t) => {
  t.ok(isCatalogued("RISK_REJECT"));
  t.ok(isCatalogued("INCORRECT_BLIKCODE"));
  for (const code of ["", "risk_reject", "NO_SUCH_CODE", "constructor"]) t.notOk(isCatalogued(code), code);
});

t.test("a code tells which operations return it", async (t) => {
  t.same(
    operationsReturning("REFUND_IN_PROCESS").map((operation) => operation.name),
    ["refund", "notifyRefund"],
  );
  t.same(operationsReturning("NO_SUCH_CODE"), []);
});

t.test("codes seen only in live answers to API-key clients are usable for every such call, and marked with source and date", async (t) => {
  for (const code of ["OAUTH_FAIL", "ILLEGAL_CLIENT_IP"]) {
    for (const operation of ["pay", "refund", "createExchange"]) {
      t.match(
        resultCode(operation, code),
        { status: "F", table: "seen in the field", source: /pull\/176 @2026-09, seen in the field/ },
        `${operation} ${code}`,
      );
    }
    for (const operation of ["meter.uploadEvent", "billing.product.uploadImage", "notifyRefund"]) {
      t.notOk(codesIn(codesOf(operation)).includes(code), `${operation} is never called with an API key`);
    }
  }
  t.match(resultCode("inquiryBalance", "OAUTH_FAIL"), { table: "inquiryBalance" }, "a published row comes first");
});

t.test("updateAmount has the codes of its page, notifyAuthorization its one code", async (t) => {
  t.match(resultCode("updateAmount", "SUCCESS"), { status: "S", table: "updateAmount" });
  t.match(resultCode("updateAmount", "INCREMENTAL_NOT_SUPPORT"), { table: "updateAmount (text)" });
  t.equal(codesOf("updateAmount").known, "partial");
  t.equal(codesOf("notifyAuthorization").known, "full");
  t.match(codesOf("notifyAuthorization").codes[0], { code: "SUCCESS", source: /notifyauth$/ });
});
