/** Meter events: a signed call opens a session, the events come unsigned. */
import t from "tap";
import { startSandbox } from "../../src/sandbox/start-sandbox.ts";
import { createMerchant, send } from "../helpers/merchant.ts";
import { opensslAccepts } from "../helpers/openssl.ts";

const merchant = createMerchant();
const sandbox = await startSandbox({ merchantPublicKey: merchant.keys.publicKey });
t.teardown(() => sandbox.stop());
const path = "/ams/api/v1/meter/uploadEvent";

t.test("a session is opened by a signed call and answered signed", async (t) => {
  const came = await merchant.call(sandbox.origin, "", { customerId: "c" }, { path: "/ams/sandbox/api/v1/meter/createSession" });
  t.match(came.json, { result: { resultCode: "SUCCESS" }, sessionId: /^\d{28}$/, sessionExpiryTime: /^\d{4}-/ });
  t.ok(opensslAccepts(sandbox.publicKeyPem, String(came.headers["signature"]), came.signedText));
});

t.test("events need the session's id and nothing else; the answer carries no signature", async (t) => {
  const came = await send(sandbox.origin, { method: "POST", path, headers: { "x-session-id": "s" }, body: '{"events":[]}' });
  t.equal(came.json.result.resultCode, "SUCCESS");
  t.same(
    Object.keys(came.headers).filter((name) => /signature|response-time/.test(name)),
    [],
  );
  const bare = await send(sandbox.origin, { method: "POST", path, headers: {}, body: "{}" });
  t.match(bare.json.result, { resultCode: "PARAM_ILLEGAL", resultMessage: /`X-Session-Id` is required/ });
});
