/** pay: what succeeds at once, what needs the buyer, what fails, and what the same request id gets. */
import t from "tap";
import { manualCapture, payBody, wallet } from "../helpers/payments.ts";
import { createSandboxOperations } from "../helpers/sandbox-operations.ts";

const card = (details: Record<string, unknown>) => ({ paymentMethodType: "CARD", paymentMethodMetaData: details });

t.test("a token is charged at once, with ids, time and amounts", async (t) => {
  const sandbox = createSandboxOperations();
  const paid = sandbox.reply("pay", payBody({ id: "a", value: "1050", currency: "EUR" }));
  t.match(paid, {
    result: { resultCode: "SUCCESS", resultStatus: "S" },
    paymentRequestId: "a",
    paymentId: /^20261123080000\d{14}$/,
    paymentAmount: { currency: "EUR", value: "1050" },
    actualPaymentAmount: { currency: "EUR", value: "1050" },
    paymentTime: "2026-11-23T08:00:00+00:00",
    paymentCreateTime: "2026-11-23T08:00:00+00:00",
  });
  t.notOk("normalUrl" in paid || "authExpiryTime" in paid);
});

t.test("who has to act decides between success and in process", async (t) => {
  const table: [string, Record<string, unknown>, string][] = [
    ["a wallet", wallet, "PAYMENT_IN_PROCESS"],
    ["a wallet's token", { ...wallet, paymentMethodId: "token-2" }, "SUCCESS"],
    ["a card without number or token", card({}), "PAYMENT_IN_PROCESS"],
    ["a card's number", card({ cardNo: "4054695723100768", cvv: "123", expiryMonth: "12" }), "SUCCESS"],
    ["a card with 3D Secure", card({ cardNo: "4054695723100768", is3DSAuthentication: true }), "PAYMENT_IN_PROCESS"],
    ["a card with 3D Secure as text", card({ cardNo: "4054695723100768", is3DSAuthentication: "true" }), "PAYMENT_IN_PROCESS"],
    ["a card with 3D Secure declined", card({ cardNo: "4054695723100768", is3DSAuthentication: "false" }), "SUCCESS"],
    ["a wallet on the device", { paymentMethodType: "APPLEPAY" }, "SUCCESS"],
  ];
  for (const [name, method, code] of table) t.equal(createSandboxOperations().code("pay", payBody({ method })), code, name);
});

t.test("in process is answered with the page to send the buyer to, in both forms", async (t) => {
  const asked = createSandboxOperations().reply("pay", payBody({ method: wallet }));
  t.equal(asked.result.resultStatus, "U");
  t.equal(asked["normalUrl"], `http://stand-in/cashier/${asked["paymentId"]}`);
  t.same(asked["redirectActionForm"], {
    method: "GET",
    parameters: "{}",
    redirectUrl: asked["normalUrl"],
    actionFormType: "RedirectActionForm",
  });
  t.notOk("paymentTime" in asked);
});

t.test("in a shop a payment code is charged at once, and an order code waits to be scanned", async (t) => {
  const shop = (method: Record<string, unknown>, scenario: string) =>
    payBody({ productCode: "IN_STORE_PAYMENT", method, paymentFactor: { inStorePaymentScenario: scenario } });
  const code = { paymentMethodType: "CONNECT_WALLET", paymentMethodId: "281000000000000000" };
  t.equal(createSandboxOperations().code("pay", shop(code, "PaymentCode")), "SUCCESS");
  const asked = createSandboxOperations().reply("pay", shop({ paymentMethodType: "CONNECT_WALLET" }, "OrderCode"));
  t.match(asked, {
    result: { resultCode: "PAYMENT_IN_PROCESS" },
    orderCodeForm: {
      paymentMethodType: "CONNECT_WALLET",
      expireTime: "2026-11-23T08:10:00+00:00",
      codeDetails: [{ codeValue: `http://stand-in/cashier/${asked["paymentId"]}` }],
    },
  });
  t.notOk("normalUrl" in asked);
});

t.test("manual capture authorises and says until when", async (t) => {
  const paid = createSandboxOperations().reply("pay", payBody(manualCapture));
  t.equal(paid.result.resultCode, "SUCCESS");
  t.equal(paid["authExpiryTime"], "2026-11-30T08:00:00+00:00");
});

t.test("Antom's magic values fail, and are remembered as failed payments", async (t) => {
  const table: [string, Record<string, unknown>, string][] = [
    ["amount 11", payBody({ value: "11" }), "RISK_REJECT"],
    ["the declined Visa", payBody({ method: card({ cardNo: "4054692760174822" }) }), "DO_NOT_HONOR"],
    ["the declined Mastercard", payBody({ method: card({ cardNo: "5162770472561357" }) }), "DO_NOT_HONOR"],
    ["month 13", payBody({ method: card({ cardNo: "4054695723100768", expiryMonth: "13" }) }), "INVALID_EXPIRATION_DATE"],
    ["letters for a number", payBody({ method: card({ cardNo: "4054abc" }) }), "INVALID_CARD_NUMBER"],
  ];
  for (const [name, body, code] of table) {
    const sandbox = createSandboxOperations();
    t.equal(sandbox.code("pay", body), code, name);
    t.equal(sandbox.code("pay", body), code, `${name} again`);
    const asked = sandbox.reply("inquiryPayment", { paymentRequestId: "pay-1" });
    t.match(asked, { result: { resultCode: "SUCCESS" }, paymentStatus: "FAIL", paymentResultCode: code });
  }
});

t.test("a security code of two digits is an illegal parameter, named, and the payment is not made", async (t) => {
  const sandbox = createSandboxOperations();
  const refused = sandbox.reply("pay", payBody({ method: card({ cardNo: "4054695723100768", cvv: "99" }) }));
  t.equal(refused.result.resultCode, "PARAM_ILLEGAL");
  t.match(refused.result.resultMessage, "`paymentMethod.paymentMethodMetaData.cvv`");
  t.equal(sandbox.state.payments.all().length, 0);
});

t.test("the same request id", async (t) => {
  const table: [string, Record<string, unknown>, Record<string, unknown>, string][] = [
    ["unchanged after success", {}, {}, "SUCCESS"],
    ["another amount", {}, { value: "1001" }, "REPEAT_REQ_INCONSISTENT"],
    ["another currency", {}, { currency: "EUR" }, "REPEAT_REQ_INCONSISTENT"],
    ["another token", {}, { method: { paymentMethodType: "CARD", paymentMethodId: "token-9" } }, "REPEAT_REQ_INCONSISTENT"],
    ["another description", {}, { paymentRedirectUrl: "https://shop.example/other" }, "SUCCESS"],
    ["unchanged while in process", { method: wallet }, { method: wallet }, "PAYMENT_IN_PROCESS"],
    ["another amount while in process", { method: wallet }, { method: wallet, value: "1" }, "REPEAT_REQ_INCONSISTENT"],
    ["another amount after a failure", { value: "11" }, { value: "12" }, "REPEAT_REQ_INCONSISTENT"],
  ];
  for (const [name, first, second, code] of table) {
    const sandbox = createSandboxOperations();
    const before = sandbox.reply("pay", payBody(first));
    sandbox.nowMs += 60_000;
    const after = sandbox.reply("pay", payBody(second));
    t.equal(after.result.resultCode, code, name);
    if (code !== "REPEAT_REQ_INCONSISTENT") t.same(after, before, `${name}: the very same answer`);
    t.equal(sandbox.state.payments.all().length, 1, `${name}: one payment`);
  }
});

t.test("two clients may use the same request id, and neither sees the other's payment", async (t) => {
  const sandbox = createSandboxOperations();
  const mine = sandbox.reply("pay", payBody(), "SANDBOX_A");
  const theirs = sandbox.reply("pay", payBody({ value: "7" }), "SANDBOX_B");
  t.not(mine["paymentId"], theirs["paymentId"]);
  t.equal(sandbox.code("inquiryPayment", { paymentId: mine["paymentId"] }, "SANDBOX_B"), "ORDER_NOT_EXIST");
  t.equal(
    sandbox.code(
      "refund",
      { refundRequestId: "r", paymentId: mine["paymentId"], refundAmount: { currency: "USD", value: "1" } },
      "SANDBOX_B",
    ),
    "ORDER_NOT_EXIST",
  );
});

t.test("a missing or wrong parameter is named by its path", async (t) => {
  const table: [string, Record<string, unknown>, string][] = [
    ["nothing", {}, "`productCode`, `paymentRequestId`, "],
    ["no amount", payBody({ paymentAmount: undefined }), "`paymentAmount.currency` and `paymentAmount.value` are required"],
    ["no value", payBody({ paymentAmount: { currency: "USD" } }), "`paymentAmount.value` is required"],
    ["a number", payBody({ paymentAmount: { currency: "USD", value: 100 } }), "`paymentAmount.value` must be a string"],
    ["a decimal point", payBody({ value: "10.50" }), "must be a string of digits"],
    ["a negative amount", payBody({ value: "-5" }), "must be a string of digits"],
    ["nothing to pay", payBody({ value: "0" }), "above 0"],
    ["a small currency", payBody({ currency: "usd" }), "currency` must be three capital letters"],
    ["an empty id", payBody({ id: "" }), "`paymentRequestId` must not be empty"],
    ["a long id", payBody({ id: "x".repeat(65) }), "`paymentRequestId` and `order.referenceOrderId` are longer than 64 characters"],
    ["no method", payBody({ method: {} }), "`paymentMethod.paymentMethodType` is required"],
    ["a method as text", payBody({ paymentMethod: "CARD" }), "`paymentMethod` must be an object"],
    [
      "an unknown capture mode",
      payBody({ paymentFactor: { captureMode: "LATER" } }),
      "`paymentFactor.captureMode` must be `AUTOMATIC` or `MANUAL`",
    ],
    ["a flag of another kind", payBody({ method: card({ is3DSAuthentication: 1 }) }), "is3DSAuthentication` must be true or false"],
    ["two faults", payBody({ value: "0", paymentRedirectUrl: "" }), "currency's smallest unit. `paymentRedirectUrl` must not be empty."],
  ];
  for (const [name, body, words] of table) {
    const { result } = createSandboxOperations().reply("pay", JSON.parse(JSON.stringify(body)));
    t.equal(result.resultCode, "PARAM_ILLEGAL", name);
    t.ok(result.resultMessage.includes(words), `${name}: ${result.resultMessage}`);
  }
});

t.test("all that is missing is named in one answer, also what is inside missing objects", async (t) => {
  const { result } = createSandboxOperations().reply("pay", {});
  t.equal(result.resultCode, "PARAM_ILLEGAL");
  const names = [
    "productCode",
    "paymentRequestId",
    "order.referenceOrderId",
    "order.orderDescription",
    "order.orderAmount.currency",
    "order.orderAmount.value",
    "paymentAmount.currency",
    "paymentAmount.value",
    "paymentMethod.paymentMethodType",
  ];
  const listed = names.map((name) => `\`${name}\``);
  t.ok(result.resultMessage.endsWith(` ${listed.slice(0, -1).join(", ")} and ${listed.at(-1)} are required.`), result.resultMessage);
});
