import t from "tap";
import { operations } from "../../src/antom/catalogue/operations.ts";
import { codesText } from "../../src/cli/codes.ts";

t.test("without an API every operation is listed under its group, with the number of its codes", async (t) => {
  const { text, exitCode } = codesText(undefined, "text");
  t.equal(exitCode, 0);
  t.match(text, /^Payment$/m);
  t.match(text, /^ {2}pay +62 {5}known$/m);
  t.match(text, /^ {2}cancel +28 {5}known in part$/m);
  t.match(text, /^ {2}tax\.register +23 {5}not known; the common codes$/m);
  t.match(text, /^ {2}notifyRefund +33 {5}known; a notification, sent to you$/m);
  for (const { name } of operations) t.ok(text.includes(`\n  ${name} `), name);
});

t.test("an API's codes come with status, message and source", async (t) => {
  const { text, exitCode } = codesText("pay", "text");
  t.equal(exitCode, 0);
  t.match(text, "POST /ams/sandbox/api/v1/payments/pay\n");
  t.match(text, "Its list of codes is complete (2026-11).");
  t.match(text, /^ {2}PAYMENT_IN_PROCESS +U +The payment is being processed\. +\[1\]$/m);
  t.match(text, "[1] https://global.alipay.com/docs/ac/ams/payment_cashier @2024-06\n");
  t.match(text, /^ {2}INCORRECT_BLIKCODE +\? +\(Incorrect blikcode\.\)/m);
  t.match(text, "must set `status`");
  t.match(text, "Codes common to most APIs");
  t.match(text, /Codes seen in answers to API-key clients, in no published table\n.*\n {2}OAUTH_FAIL +F .*\n {2}ILLEGAL_CLIENT_IP +F /);
});

t.test("codes of body fields have tables of their own", async (t) => {
  const { text } = codesText("inquiryPayment", "text");
  t.match(text, "Codes of its field paymentResultCode\n");
  t.match(text, "Codes of its field transactions[].transactionResult.resultCode\n");
});

t.test("lists known in part or not at all say so", async (t) => {
  t.match(codesText("cancel", "text").text, "Its list of codes is incomplete, so a rule may use any code of the catalogue (2026-11).");
  t.match(codesText("tax.register", "text").text, "Its list of codes is unknown, so a rule may use any code");
  t.match(codesText("notifyDirectPayment", "text").text, "Codes of its field paymentResultCode (known in part)\n");
});

t.test("an unknown API ends with 1 and the nearest name", async (t) => {
  t.same(codesText("payy", "text"), { text: "`payy` is not an API of Antom; did you mean `pay`?\n", exitCode: 1 });
  t.same(codesText("xyzzy", "text"), { text: "`xyzzy` is not an API of Antom; `antom-fault-proxy codes` lists all\n", exitCode: 1 });
  const json = codesText("payy", "json");
  t.same([JSON.parse(json.text), json.exitCode], [{ error: "`payy` is not an API of Antom", nearest: ["pay"] }, 1]);
});

t.test("a star stands for every code of the catalogue", async (t) => {
  t.match(codesText("*", "text").text, /^Every result code of the catalogue \(2026-11\)\n/);
  t.equal(JSON.parse(codesText("*", "json").text).codes.length, 132);
});

t.test("as JSON the same facts come whole", async (t) => {
  t.equal(JSON.parse(codesText(undefined, "json").text).operations.length, 183);
  const pay = JSON.parse(codesText("pay", "json").text);
  t.match(pay, { name: "pay", kind: "call", known: "full", path: "/ams/api/v1/payments/pay", fields: [] });
  t.match(pay.codes[0], { code: "SUCCESS", status: "S", message: "Success", messagePublished: true, table: "pay", source: /^https:/ });
  const inquiry = JSON.parse(codesText("inquiryPayment", "json").text);
  t.same(
    inquiry.fields.map((entry: { field: string }) => entry.field),
    ["paymentResultCode", "transactions[].transactionResult.resultCode"],
  );
});

t.test("no line is wider than 110 columns or ends in a space, and each text ends in one line feed", async (t) => {
  const texts = [undefined, "*", ...operations.map((operation) => operation.name)].map((api) => codesText(api, "text").text);
  const lines = texts.flatMap((text) => text.split("\n"));
  t.same(
    lines.filter((line) => line.length > 110 || line.endsWith(" ")),
    [],
  );
  t.ok(texts.every((text) => /[^\n]\n$/.test(text)));
});
