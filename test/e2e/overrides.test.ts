import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { contentToSign, createSigner } from "../../src/antom/signature.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { corrupted, opensslAccepts } from "../helpers/openssl.ts";
import { payBody } from "../helpers/payments.ts";
import { startProgram } from "../helpers/program.ts";
import { rawCall, requestText } from "../helpers/raw-http.ts";

const PAY = "/ams/sandbox/api/v1/payments/pay";
const RULES = `rules:
  - name: pay-risk-reject
    api: pay
    active: true
    duration: 30m
    result: RISK_REJECT
`;

t.test("one public key verifies the forwarded and the overridden answer; neither with one byte changed", async (t) => {
  const program = await startProgram({ folder: t.testdir() });
  t.teardown(() => program.stop("SIGKILL"));
  const merchant = createMerchant();
  const forwarded = await merchant.call(program.url, "pay", payBody());
  t.match(forwarded.json, { result: { resultStatus: "S" }, paymentRequestId: "pay-1", paymentId: /./ });
  t.equal(forwarded.headers["x-fault-outcome"], undefined);

  writeFileSync(join(t.testdirName, "rules", "rules.yaml"), RULES);
  await program.line((line) => line.event === "window-started");
  const overridden = await merchant.call(program.url, "pay", payBody({ id: "R-2" }));
  t.match(overridden.json, { result: { resultCode: "RISK_REJECT", resultStatus: "F", resultMessage: /\w/ } });
  t.equal(overridden.headers["x-fault-rule"], "pay-risk-reject");
  t.equal(overridden.status, 200);

  for (const [name, answer] of Object.entries({ forwarded, overridden })) {
    const signature = String(answer.headers["signature"]);
    t.ok(opensslAccepts(program.publicPem, signature, answer.signedText), name);
    t.notOk(opensslAccepts(program.publicPem, signature, corrupted(answer.signedText)), `${name}, one byte changed`);
  }
  const inquiry = await merchant.call(program.url, "inquiryPayment", { paymentRequestId: "R-2" });
  t.match(inquiry.json, { result: { resultCode: "ORDER_NOT_EXIST" } }, "the overridden call never reached the sandbox, other calls do");
});

t.test("on the wire the three names are in lower case and stand once, forwarded and overridden alike", async (t) => {
  const program = await startProgram({ folder: t.testdir({ rules: { "a.yaml": RULES } }) });
  t.teardown(() => program.stop("SIGKILL"));
  const { keys, clientId } = createMerchant();
  for (const path of [PAY, "/ams/sandbox/api/v1/payments/inquiryPayment", "/ams/sandbox/api//v1/payments/retrievePaymentSession?a=%2f"]) {
    const body = JSON.stringify({ paymentRequestId: "R-1", url: "a/b" }).replace("/", "\\/");
    const head = { method: "POST", path, clientId, time: "2026-11-23T08:00:00+0000" };
    const signature = await createSigner(keys.privateKey).sign(head, Buffer.from(body));
    const headers = { "Client-Id": clientId, "Request-Time": head.time, Signature: signature, "Content-Type": "application/json" };
    const { lines, body: answer, statusLine } = await rawCall(program.url, requestText(path, headers, body));
    t.equal(statusLine, "HTTP/1.1 200 OK", path);
    const only = (name: string): string => {
      const found = lines.filter((line) => line.toLowerCase().startsWith(`${name}:`));
      t.equal(found.length, 1, `${name} stands once`);
      t.ok(found[0]?.startsWith(`${name}: `), `${name} is in lower case`);
      return found[0]?.slice(name.length + 2) ?? "";
    };
    const signed = { method: "POST", path, clientId: only("client-id"), time: only("response-time") };
    t.match(signed.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    t.ok(opensslAccepts(program.publicPem, only("signature"), contentToSign(signed, Buffer.from(answer))), path);
    t.equal(lines.filter((line) => /signature|response-time/i.test(line)).length, 2, "no other line holds these words");
  }
});

t.test("a production call is refused before anything leaves, and the refusal is signed too", async (t) => {
  const program = await startProgram({ folder: t.testdir() });
  t.teardown(() => program.stop("SIGKILL"));
  const merchant = createMerchant("5X00000000000000");
  const refused = await merchant.call(program.url, "pay", payBody(), { path: "/ams/api/v1/payments/pay" });
  t.equal(refused.status, 403);
  t.match(refused.json, { result: { resultCode: "ACCESS_DENIED", resultMessage: /production/ } });
  t.equal(refused.headers["x-fault-outcome"], "refused");
  t.ok(opensslAccepts(program.publicPem, String(refused.headers["signature"]), refused.signedText));
  const metrics = await (await fetch(`${program.admin}/metrics`)).text();
  t.match(metrics, /antom_fault_proxy_refusals_total\{reason="production"\} 1/);
});

t.test("with the merchant's key the stand-in behind the proxy verifies what the merchant signed", async (t) => {
  const merchant = createMerchant();
  const folder = t.testdir({ "merchant.pem": merchant.keys.publicPem });
  const program = await startProgram({ folder, flags: ["--merchant-public-key", join(folder, "merchant.pem")] });
  t.teardown(() => program.stop("SIGKILL"));
  t.match((await merchant.call(program.url, "pay", payBody())).json, { result: { resultStatus: "S" } });
  const stranger = await createMerchant().call(program.url, "pay", payBody());
  t.match(stranger.json, { result: { resultCode: "INVALID_SIGNATURE" } });
  t.equal(stranger.headers["signature"], undefined, "Antom leaves such an answer unsigned; so does the proxy");
});

t.test("an upstream that is gone gives a signed UNKNOWN_EXCEPTION that says whose it is; the process lives on", async (t) => {
  const program = await startProgram({ folder: t.testdir(), flags: ["--upstream", "http://127.0.0.1:1"] });
  t.teardown(() => program.stop("SIGKILL"));
  for (let call = 0; call < 3; call += 1) {
    const failed = await createMerchant().call(program.url, "pay", payBody());
    t.equal(failed.status, 502);
    t.match(failed.json, { result: { resultCode: "UNKNOWN_EXCEPTION", resultStatus: "U", resultMessage: /antom-fault-proxy.*refused/ } });
    t.equal(failed.headers["x-fault-outcome"], "failed");
    t.ok(opensslAccepts(program.publicPem, String(failed.headers["signature"]), failed.signedText));
  }
  t.match(await (await fetch(`${program.admin}/metrics`)).text(), /antom_fault_proxy_upstream_errors_total\{kind="refused"\} 3/);
});
