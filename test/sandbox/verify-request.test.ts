/** What the stand-in turns away before any operation, with which code, and whether that answer is signed. */
import t from "tap";
import { startSandbox } from "../../src/sandbox/start-sandbox.ts";
import { type CallChanges, createMerchant, send } from "../helpers/merchant.ts";
import { opensslAccepts } from "../helpers/openssl.ts";
import { payBody } from "../helpers/payments.ts";

const merchant = createMerchant();
const sandbox = await startSandbox({ merchantPublicKey: merchant.keys.publicKey });
t.teardown(() => sandbox.stop());

const PRODUCTION = "/ams/api/v1/payments/pay";
const SANDBOX = "/ams/sandbox/api/v1/payments/pay";

interface Case {
  readonly name: string;
  readonly changes: CallChanges;
  readonly code: string;
  readonly isSigned: boolean;
  /** Words that the message must hold. */
  readonly words?: string;
}

const cases: readonly Case[] = [
  { name: "a call in order", changes: {}, code: "SUCCESS", isSigned: true },
  { name: "no content type", changes: { headers: { "content-type": undefined } }, code: "SUCCESS", isSigned: true },
  { name: "GET", changes: { method: "GET" }, code: "METHOD_NOT_SUPPORTED", isSigned: true },
  { name: "PUT", changes: { method: "PUT" }, code: "METHOD_NOT_SUPPORTED", isSigned: true },
  { name: "an unknown path", changes: { path: "/ams/sandbox/api/v1/payments/pai" }, code: "NO_INTERFACE_DEF", isSigned: true },
  { name: "the root", changes: { path: "/" }, code: "NO_INTERFACE_DEF", isSigned: true },
  {
    name: "an unknown path without client",
    changes: { path: "/x", headers: { "client-id": undefined } },
    code: "NO_INTERFACE_DEF",
    isSigned: false,
  },
  { name: "no signature", changes: { headers: { signature: undefined } }, code: "PARAM_ILLEGAL", isSigned: false, words: "`signature`" },
  { name: "no client id", changes: { headers: { "client-id": undefined } }, code: "PARAM_ILLEGAL", isSigned: false, words: "`client-id`" },
  { name: "an empty client id", changes: { headers: { "client-id": "" } }, code: "PARAM_ILLEGAL", isSigned: false, words: "`client-id`" },
  {
    name: "no request time",
    changes: { headers: { "request-time": undefined } },
    code: "PARAM_ILLEGAL",
    isSigned: false,
    words: "`request-time`",
  },
  { name: "a production client", changes: { headers: { "client-id": "5X00" } }, code: "CLIENT_INVALID", isSigned: true, words: "SANDBOX_" },
  { name: "a production path", changes: { path: PRODUCTION }, code: "ACCESS_DENIED", isSigned: true, words: "/ams/sandbox/api" },
  {
    name: "production all through",
    changes: { path: PRODUCTION, headers: { "client-id": "5X00" } },
    code: "CLIENT_INVALID",
    isSigned: true,
  },
  {
    name: "another client's signature",
    changes: { headers: { "client-id": "SANDBOX_OTHER" } },
    code: "INVALID_SIGNATURE",
    isSigned: false,
  },
  { name: "another time", changes: { headers: { "request-time": "1795420800001" } }, code: "INVALID_SIGNATURE", isSigned: false },
  { name: "another body", changes: { sent: "{}" }, code: "INVALID_SIGNATURE", isSigned: false },
  {
    name: "no base64",
    changes: { headers: { signature: "algorithm=RSA256,keyVersion=1,signature=!" } },
    code: "INVALID_SIGNATURE",
    isSigned: false,
  },
  { name: "no signature value", changes: { headers: { signature: "RSA256" } }, code: "INVALID_SIGNATURE", isSigned: false },
  {
    name: "a form",
    changes: { headers: { "content-type": "application/x-www-form-urlencoded" } },
    code: "MEDIA_TYPE_NOT_ACCEPTABLE",
    isSigned: true,
  },
  { name: "a near type", changes: { headers: { "content-type": "application/jsonp" } }, code: "MEDIA_TYPE_NOT_ACCEPTABLE", isSigned: true },
];

t.test("each mistake has its code, always with HTTP 200, signed once the caller is known", async (t) => {
  for (const { name, changes, code, isSigned, words = "" } of cases) {
    const came = await merchant.call(sandbox.origin, "pay", payBody(), changes);
    t.equal(came.status, 200, name);
    t.equal(came.json.result.resultCode, code, name);
    t.ok(came.json.result.resultMessage.includes(words), `${name}: ${came.json.result.resultMessage}`);
    t.equal("signature" in came.headers, isSigned, `${name}: signed or not`);
    t.equal("response-time" in came.headers, isSigned, `${name}: both lines or none`);
    if (isSigned)
      t.ok(opensslAccepts(sandbox.publicKeyPem, String(came.headers["signature"]), came.signedText), `${name}: openssl accepts`);
  }
});

t.test("bodies that are no JSON object", async (t) => {
  for (const body of ["", "{", "null", "[]", "1", '"pay"', '{"a":1}}', "\u0000", '{"paymentRequestId":']) {
    const came = await merchant.call(sandbox.origin, "pay", body);
    t.match(came.json, { result: { resultCode: "PARAM_ILLEGAL", resultMessage: /must be a JSON object/ } }, JSON.stringify(body));
  }
  const deep = await merchant.call(sandbox.origin, "pay", `${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  t.equal(deep.json.result.resultCode, "PARAM_ILLEGAL", "deep nesting");
  const prototype = await merchant.call(sandbox.origin, "pay", '{"__proto__":{"productCode":"X"},"constructor":1}');
  t.match(prototype.json.result.resultMessage, /`productCode`, .* are required/, "a `__proto__` field is no inheritance");
});

t.test("a foreign key's signature is refused", async (t) => {
  const stranger = createMerchant(merchant.clientId);
  const came = await stranger.call(sandbox.origin, "pay", payBody());
  t.match(came.json, { result: { resultCode: "INVALID_SIGNATURE", resultStatus: "F" } });
  t.same(
    Object.keys(came.headers).filter((name) => /signature|response-time|client-id/.test(name)),
    [],
  );
});

t.test("the path is verified and signed as sent, its query included", async (t) => {
  const path = `${SANDBOX}?a=%20b`;
  const came = await merchant.call(sandbox.origin, "pay", payBody({ id: "query" }), { path });
  t.equal(came.json.result.resultCode, "SUCCESS");
  t.ok(opensslAccepts(sandbox.publicKeyPem, String(came.headers["signature"]), came.signedText));
  t.notOk(opensslAccepts(sandbox.publicKeyPem, String(came.headers["signature"]), came.signedText.replace("?a=%20b", "")));
});

t.test("an absolute-form target is taken for its path, as the Python SDK signs it", async (t) => {
  const body = JSON.stringify(payBody({ id: "absolute" }));
  const signed = await merchant.call(sandbox.origin, "pay", body);
  t.equal(signed.json.result.resultCode, "SUCCESS");
  const target = `http://open-sea.alipay.com${SANDBOX}`;
  const came = await merchant.call(sandbox.origin, "pay", body, { path: target });
  t.equal(came.json.result.resultCode, "INVALID_SIGNATURE", "a signature over the absolute form is not one over the path");
  const loose = await startSandbox();
  t.teardown(() => loose.stop());
  const headers = { "client-id": "SANDBOX_A", "request-time": "1", signature: "s", "content-type": "application/json" };
  const taken = await send(loose.origin, { method: "POST", path: target, headers, body });
  t.equal(taken.json.result.resultCode, "SUCCESS");
  const text = taken.signedText.replace(target, SANDBOX);
  t.ok(opensslAccepts(loose.publicKeyPem, String(taken.headers["signature"]), text), "the answer is signed over the path alone");
});

t.test("createExchange keeps its own path, and Java's risk calls theirs", async (t) => {
  for (const path of ["/ams/v1/aba/funds/createExchange", "/ams/api/v1/risk/payments/decide"]) {
    const came = await merchant.call(sandbox.origin, "", {}, { path });
    t.equal(came.json.result.resultCode, "SUCCESS", path);
  }
});

t.test("a call with an API key needs no other header; its answer is not signed, and its client id is the key's", async (t) => {
  const keyFor = (id: string, kind = "TEST"): string => `Bearer isak_${kind}_${Buffer.from(id).toString("base64")}_0123`;
  const call = (operation: string, body: unknown, authorization: string, path = `/ams/sandbox/api/v1/payments/${operation}`) =>
    send(sandbox.origin, { method: "POST", path, headers: { authorization }, body: JSON.stringify(body) });
  const paid = await call("pay", payBody({ id: "key" }), keyFor(merchant.clientId));
  t.equal(paid.json.result.resultCode, "SUCCESS");
  for (const name of ["signature", "response-time", "client-id"]) t.notOk(name in paid.headers, name);
  const signed = await merchant.call(sandbox.origin, "inquiryPayment", { paymentRequestId: "key" });
  t.equal(signed.json.result.resultCode, "SUCCESS", "the same client, calling with its signature, finds the payment");
  const other = await call("inquiryPayment", { paymentRequestId: "key" }, keyFor("SANDBOX_OTHER"));
  t.equal(other.json.result.resultCode, "ORDER_NOT_EXIST", "another client does not");
  t.match((await call("pay", payBody(), keyFor("5X00", "PROD"), PRODUCTION)).json, { result: { resultCode: "CLIENT_INVALID" } });
  t.match((await call("pay", payBody(), keyFor("5X00", "PROD"))).json, { result: { resultCode: "ACCESS_DENIED" } });
  t.match((await call("pay", payBody(), "Basic YTpi")).json, { result: { resultCode: "PARAM_ILLEGAL", resultMessage: /`client-id`/ } });
  const upload = await call("", {}, keyFor(merchant.clientId), "/ams/sandbox/api/v1/billing/product/uploadImage");
  t.match(upload.json, { result: { resultCode: "PARAM_ILLEGAL", resultMessage: /`client-id`/ } }, "file uploads stay signed");
});
