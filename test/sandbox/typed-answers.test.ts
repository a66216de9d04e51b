/** Every answer of every operation parses in the SDKs: each field has the type of the response class, also when the request is full of nulls. */
import t from "tap";
import { operations } from "../../src/antom/catalogue/operations.ts";
import { responseFields } from "../../src/antom/catalogue/response-types.ts";
import { createSigner } from "../../src/antom/signature.ts";
import { createRequestHandler } from "../../src/sandbox/handle-request.ts";
import { createSandboxState } from "../../src/sandbox/sandbox-state.ts";
import { request } from "../helpers/call-record.ts";
import { makeKeys } from "../helpers/keys.ts";
import { captureBody, manualCapture, payBody, refundBody, wallet } from "../helpers/payments.ts";
import { createSandboxOperations, type SandboxOperations } from "../helpers/sandbox-operations.ts";
import { mistypedFields } from "../helpers/typed-answers.ts";

const calls = operations.filter(({ kind, sandboxPath }) => kind === "call" && sandboxPath !== undefined);
const signer = { ...createSigner(makeKeys().privateKey), sign: async () => "signed", signCanned: async () => "signed" };

/** An answer of a fresh stand-in to a body as text, over the whole way from headers to JSON. */
async function answerTo(operation: string, text: string): Promise<Record<string, unknown> & { result: { resultCode: string } }> {
  const state = createSandboxState((paymentId) => `http://stand-in/${paymentId}`);
  const handle = createRequestHandler({ state, signer, merchantKey: undefined, now: () => Date.UTC(2026, 10, 23) });
  const path = operations.find(({ name }) => name === operation)?.sandboxPath ?? "";
  const headers = [
    "client-id",
    "SANDBOX_A",
    "request-time",
    "1",
    "signature",
    "s",
    "content-type",
    "application/json",
    "x-session-id",
    "x",
  ];
  const { response } = await handle({ ...request(), path, target: path, method: "POST", headers, body: Buffer.from(text) });
  return JSON.parse(response.body.toString());
}

t.test("the acted operations, in every state that they know", async (t) => {
  const card = (details: Record<string, unknown>) => ({ paymentMethodType: "CARD", paymentMethodMetaData: details });
  const paid = (sandbox: SandboxOperations): unknown => sandbox.reply("pay", payBody())["paymentId"];
  const authorised = (sandbox: SandboxOperations): unknown => sandbox.reply("pay", payBody(manualCapture))["paymentId"];
  const amount = { currency: "USD", value: "1000" };
  const table: [string, string, (sandbox: SandboxOperations) => Record<string, unknown>][] = [
    ["a token", "pay", () => payBody()],
    ["a wallet", "pay", () => payBody({ method: wallet })],
    ["an order code", "pay", () => payBody({ method: wallet, paymentFactor: { inStorePaymentScenario: "OrderCode" } })],
    ["a declined card", "pay", () => payBody({ method: card({ cardNo: "4054692760174822" }) })],
    ["an authorisation", "pay", () => payBody(manualCapture)],
    ["nothing", "pay", () => ({})],
    ["a session", "createPaymentSession", () => ({ productCode: "CASHIER_PAYMENT", paymentRequestId: "s", paymentAmount: amount })],
    ["methods", "consult", () => ({ productCode: "CASHIER_PAYMENT", paymentAmount: amount })],
    ["success", "inquiryPayment", (sandbox) => ({ paymentId: paid(sandbox) })],
    ["in process", "inquiryPayment", (sandbox) => ({ paymentId: sandbox.reply("pay", payBody({ method: wallet }))["paymentId"] })],
    ["with transactions", "inquiryPayment", withTransactions],
    ["capture", "capture", (sandbox) => captureBody(authorised(sandbox), "400")],
    ["refund", "refund", (sandbox) => refundBody(paid(sandbox))],
    [
      "refund in parts",
      "refund",
      (sandbox) => ({ ...refundBody(paid(sandbox)), splitDetails: [{ splitTo: "SELLER", splitAmount: amount }] }),
    ],
    ["a refund's inquiry", "inquiryRefund", refunded],
    ["cancel", "cancel", (sandbox) => ({ paymentId: paid(sandbox) })],
    ["a session of events", "meter.createSession", () => ({})],
    ["events", "meter.uploadEvent", () => ({ events: [] })],
  ];
  for (const [name, operation, body] of table) {
    const sandbox = createSandboxOperations();
    const answer = sandbox.reply(operation, body(sandbox));
    t.same(mistypedFields(operation, answer), [], `${operation}: ${name}`);
  }
});

function withTransactions(sandbox: SandboxOperations): Record<string, unknown> {
  const { paymentId } = sandbox.reply("pay", payBody(manualCapture));
  sandbox.reply("capture", captureBody(paymentId, "400"));
  sandbox.reply("refund", refundBody(paymentId, "100"));
  return { paymentId };
}

function refunded(sandbox: SandboxOperations): Record<string, unknown> {
  const splitAmount = { currency: "USD", value: "1000" };
  sandbox.reply("refund", {
    ...refundBody(sandbox.reply("pay", payBody())["paymentId"]),
    splitDetails: [{ splitTo: "SELLER", splitAmount, description: "back" }],
  });
  return { refundRequestId: "refund-1" };
}

t.test("over the wire: each of the 159 calls, with an empty body, and with null for every name that it knows", async (t) => {
  t.equal(calls.length, 159);
  const nulls = JSON.stringify({ ...Object.fromEntries(requestNames().map((name) => [name, null])), nested: { deep: null } });
  for (const { name } of calls) {
    const [bare, nulled] = await Promise.all([answerTo(name, "{}"), answerTo(name, nulls)]);
    t.same(mistypedFields(name, bare), [], name);
    t.same(nulled, bare, `${name}: null is absent`);
    t.notOk(JSON.stringify(nulled).includes("null"), name);
  }
});

/** All names of the table, and those that the acted operations read. */
function requestNames(): string[] {
  const read =
    "productCode order paymentMethod paymentFactor paymentRedirectUrl captureAmount isLastCapture allowedPaymentMethods splitDetails";
  return [...read.split(" "), ...calls.flatMap(({ name }) => [...responseFields(name).keys()])];
}

t.test("a body as .NET writes it, null for whatever is not set, means the same as one without", async (t) => {
  const unset = { cardNo: null, cvv: null, is3DSAuthentication: null };
  const method = { paymentMethodType: "ALIPAY_HK", paymentMethodId: null, paymentMethodMetaData: null };
  const table: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["pay", payBody({ method: wallet }), payBody({ method: { ...wallet, ...method, paymentMethodType: "ALIPAY_CN" } })],
    ["pay", payBody(), payBody({ method: { paymentMethodType: "CARD", paymentMethodId: "token-1", paymentMethodMetaData: unset } })],
    ["pay", payBody(), payBody({ paymentFactor: null, paymentRedirectUrl: null, settlementStrategy: null })],
    ["pay", payBody(), payBody({ paymentFactor: { captureMode: null, inStorePaymentScenario: null } })],
    ["pay", { paymentAmount: {} }, { productCode: null, order: null, paymentAmount: { currency: null }, paymentMethod: null }],
    ["inquiryPayment", { paymentRequestId: "x" }, { paymentRequestId: "x", paymentId: null }],
    ["inquiryRefund", {}, { refundId: null, refundRequestId: null }],
    ["capture", captureBody("x"), { ...captureBody("x"), isLastCapture: null }],
    ["settle", { settlementRequestId: "s" }, { settlementRequestId: "s", openId: null }],
    ["meter.createSession", {}, { customerId: null }],
  ];
  for (const [operation, without, nulls] of table) {
    t.same(await answerTo(operation, JSON.stringify(nulls)), await answerTo(operation, JSON.stringify(without)), operation);
  }
  const { result, redirectActionForm } = await answerTo("pay", JSON.stringify(payBody({ method })));
  t.equal(result.resultCode, "PAYMENT_IN_PROCESS");
  t.match(redirectActionForm, { method: "GET", redirectUrl: /^http:/ });
});
