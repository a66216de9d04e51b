/** capture: up to what was authorised, once per request id. */
import t from "tap";
import { captureBody, manualCapture, payBody, wallet } from "../helpers/payments.ts";
import { createSandboxOperations, type SandboxOperations } from "../helpers/sandbox-operations.ts";

const authorise = (sandbox: SandboxOperations): unknown => sandbox.reply("pay", payBody(manualCapture))["paymentId"];

t.test("a capture names itself, its payment and its amount", async (t) => {
  const sandbox = createSandboxOperations();
  const paymentId = authorise(sandbox);
  t.match(sandbox.reply("capture", captureBody(paymentId, "400")), {
    result: { resultCode: "SUCCESS" },
    captureRequestId: "capture-1",
    captureId: /^\d{28}$/,
    paymentId,
    captureAmount: { currency: "USD", value: "400" },
    captureTime: "2026-11-23T08:00:00+00:00",
  });
});

t.test("captures add up to the authorised amount and no further", async (t) => {
  const sandbox = createSandboxOperations();
  const paymentId = authorise(sandbox);
  t.equal(sandbox.code("capture", captureBody(paymentId, "400", "a")), "SUCCESS");
  t.equal(sandbox.code("capture", captureBody(paymentId, "601", "b")), "CAPTURE_AMOUNT_EXCEED_AUTH_LIMIT");
  t.equal(sandbox.code("capture", captureBody(paymentId, "600", "c")), "SUCCESS");
  t.equal(sandbox.code("capture", captureBody(paymentId, "1", "d")), "CAPTURE_AMOUNT_EXCEED_AUTH_LIMIT");
});

t.test("the last capture closes the authorisation", async (t) => {
  const sandbox = createSandboxOperations();
  const paymentId = authorise(sandbox);
  t.equal(sandbox.code("capture", { ...captureBody(paymentId, "400", "a"), isLastCapture: "true" }), "SUCCESS");
  t.equal(sandbox.code("capture", captureBody(paymentId, "1", "b")), "ORDER_STATUS_INVALID");
});

t.test("the same request id gets the same answer and captures once; changed, it is refused", async (t) => {
  const sandbox = createSandboxOperations();
  const paymentId = authorise(sandbox);
  const first = sandbox.reply("capture", captureBody(paymentId, "400"));
  sandbox.nowMs += 1000;
  t.same(sandbox.reply("capture", captureBody(paymentId, "400")), first);
  t.equal(sandbox.code("capture", captureBody(paymentId, "401")), "REPEAT_REQ_INCONSISTENT");
  t.equal(sandbox.state.payments.all()[0]?.transactions.length, 1);
});

t.test("what cannot be captured says why", async (t) => {
  const table: [string, (sandbox: SandboxOperations) => Record<string, unknown>, string][] = [
    ["an unknown payment", () => captureBody("nobody"), "AUTH_NOT_FOUND"],
    ["a payment captured by itself", (sandbox) => captureBody(sandbox.reply("pay", payBody())["paymentId"]), "ORDER_STATUS_INVALID"],
    [
      "a payment in process",
      (sandbox) => captureBody(sandbox.reply("pay", payBody({ ...manualCapture, method: wallet }))["paymentId"]),
      "ORDER_STATUS_INVALID",
    ],
    [
      "another currency",
      (sandbox) => ({ ...captureBody(authorise(sandbox)), captureAmount: { currency: "EUR", value: "1" } }),
      "CURRENCY_NOT_SUPPORT",
    ],
    ["no amount", (sandbox) => ({ ...captureBody(authorise(sandbox)), captureAmount: undefined }), "PARAM_ILLEGAL"],
  ];
  for (const [name, body, code] of table) {
    const sandbox = createSandboxOperations();
    t.equal(sandbox.code("capture", body(sandbox)), code, name);
  }
});

t.test("a cancelled authorisation and one older than seven days are gone", async (t) => {
  const sandbox = createSandboxOperations();
  const paymentId = authorise(sandbox);
  sandbox.nowMs += 7 * 24 * 60 * 60 * 1000 + 1;
  t.equal(sandbox.code("capture", captureBody(paymentId, "1", "late")), "AUTH_EXPIRED");
  const other = createSandboxOperations();
  const cancelled = authorise(other);
  other.reply("cancel", { paymentId: cancelled });
  t.equal(other.code("capture", captureBody(cancelled)), "AUTH_CANCELLED");
});

t.test("an unknown payment is not remembered against the request id", async (t) => {
  const sandbox = createSandboxOperations();
  t.equal(sandbox.code("capture", captureBody("20261123080000000000000000000x")), "AUTH_NOT_FOUND");
  t.equal(sandbox.code("capture", captureBody(authorise(sandbox))), "SUCCESS");
});
