import t from "tap";
import { operationAtPath, operationNamed, operations, pathsOf } from "../../../src/antom/catalogue/operations.ts";

t.test("the catalogue holds 160 calls and 23 notifications, each under a name of its own", async (t) => {
  t.equal(operations.filter((operation) => operation.kind === "call").length, 160);
  t.equal(operations.filter((operation) => operation.kind === "notification").length, 23);
  t.equal(new Set(operations.map((operation) => operation.name)).size, 183);
});

t.test("pay is known by its production and its sandbox path", async (t) => {
  const pay = operationNamed("pay");
  t.match(pay, { kind: "call", group: "Payment", idempotencyField: "paymentRequestId", docsUrl: /^https:/, notification: undefined });
  t.equal(operationAtPath("/ams/api/v1/payments/pay"), pay);
  t.equal(operationAtPath("/ams/sandbox/api/v1/payments/pay"), pay);
});

t.test("every path leads back to its operation, and no path to two", async (t) => {
  const paths = operations.flatMap((operation) => pathsOf(operation).map((path) => ({ path, name: operation.name })));
  for (const { path, name } of paths) t.equal(operationAtPath(path)?.name, name, path);
  t.equal(new Set(paths.map(({ path }) => path)).size, paths.length);
});

t.test("every call has a path but submitPay, whose path is not published; no notification has one", async (t) => {
  const bare = operations.filter((operation) => operation.path === undefined);
  t.same(
    bare.filter((operation) => operation.kind === "call").map((operation) => operation.name),
    ["submitPay"],
  );
  t.equal(bare.length, 24);
  t.same(bare.flatMap(pathsOf), []);
});

t.test("a sandbox path is the production path with the first root rewritten, but for two operations", async (t) => {
  const odd = operations.filter(({ path, sandboxPath }) => sandboxPath !== path?.replace("/ams/api/", "/ams/sandbox/api/"));
  t.same(
    odd.map((operation) => operation.name),
    ["meter.uploadEvent"],
  );
  t.equal(operationNamed("createExchange")?.sandboxPath, "/ams/v1/aba/funds/createExchange");
});

t.test("the odd paths of the SDKs are known as they are sent", async (t) => {
  const expected = [
    ["/ams/api//v1/payments/retrievePaymentSession", "retrievePaymentSession"],
    ["/ams/sandbox/api//v1/payments/retrievePaymentSession", "retrievePaymentSession"],
    ["/ams/sandbox/api/v1/payments/retrievePaymentSession", "retrievePaymentSession"],
    ["/ams/v1/aba/funds/createExchange", "createExchange"],
    ["/ams/sandbox/api/v1/aba/funds/createExchange", "createExchange"],
    ["/ams/api/v1/meter/uploadEvent", "meter.uploadEvent"],
    ["/ams/sandbox/api/v1/aba/accounts/inquireAvailableQuota", "inquireAvailableQuota"],
    ["/ams/sandbox/api/v1/aba/account/inquireAvailableQuota", "inquireAvailableQuota"],
    ["/ams/sandbox/api/v1/payments/BatchRateQuery", "batchRateQuery"],
    ["/ams/sandbox/api/v1/billing/product/uploadImage", "billing.product.uploadImage"],
  ] as const;
  for (const [path, name] of expected) t.equal(operationAtPath(path)?.name, name, path);
});

t.test("paths are compared as they are: no folding of case, slashes, dots, queries or escapes", async (t) => {
  const foreign = [
    "/ams/sandbox/api/v1/payments/PAY",
    "/ams/sandbox/api//v1/payments/pay",
    "/ams/sandbox/api/v1/payments/pay/",
    "/ams/sandbox/api/v1/payments/../payments/pay",
    "/ams/sandbox/api/v1/payments/pay?a=b",
    "/ams/sandbox/api/v1/payments/p%61y",
    "/ams/sandbox/api/v1/meter/uploadEvent",
    "/",
    "",
    "__proto__",
  ];
  for (const path of foreign) t.equal(operationAtPath(path), undefined, path);
});

t.test("operations that keep their production path in the sandbox say for whom", async (t) => {
  const kept = operations.filter((operation) => operation.plainPathInSandbox !== undefined);
  t.same(
    kept.map(({ name, plainPathInSandbox }) => [name, plainPathInSandbox]),
    [
      ["meter.uploadEvent", "all"],
      ["decide", "java"],
      ["reportRisk", "java"],
      ["sendPaymentResult", "java"],
      ["sendRefundResult", "java"],
      ["createExchange", "all"],
    ],
  );
});

t.test("a notification tells its variants and fields", async (t) => {
  t.match(operationNamed("notifyDispute")?.notification, { typeField: "disputeNotificationType", types: ["DISPUTE_CREATED"] });
  t.ok(operationNamed("notifyPayment")?.notification?.requestFields.includes("paymentId"));
});

t.test("names are exact", async (t) => {
  for (const name of ["Pay", "pay ", "", "constructor", "__proto__"]) t.equal(operationNamed(name), undefined, name);
});
