import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import t from "tap";
import { ProblemsError, startProxy, startSandbox } from "../../src/index.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { corrupted, opensslAccepts } from "../helpers/openssl.ts";
import { payBody } from "../helpers/payments.ts";

t.test("a program starts a proxy, sets rules from code, looks at the calls and stops it", async (t) => {
  const proxy = await startProxy();
  const merchant = createMerchant();
  t.match((await merchant.call(proxy.url, "pay", payBody())).json, { result: { resultCode: "SUCCESS" } });

  await proxy.setRules([{ name: "no", api: "pay", result: "RISK_REJECT" }]);
  const answer = await merchant.call(proxy.url, "pay", payBody());
  t.match(answer.json, { result: { resultCode: "RISK_REJECT" } });
  t.ok(opensslAccepts(proxy.publicKey.pem, String(answer.headers["signature"]), answer.signedText));
  t.notOk(opensslAccepts(proxy.publicKey.pem, String(answer.headers["signature"]), corrupted(answer.signedText)));

  await proxy.setRules("");
  t.match((await merchant.call(proxy.url, "pay", payBody())).json, { result: { resultCode: "SUCCESS" } });
  t.match(proxy.calls(), [{ outcome: "forwarded" }, { outcome: "injected", rule: { name: "no" } }, { outcome: "forwarded" }]);
  t.match(proxy.publicKey, { pem: /BEGIN PUBLIC KEY/, base64: /^MII/ });
  t.match(proxy.caPem, /BEGIN CERTIFICATE/);
  t.match(proxy.httpsUrl, /^https:\/\/127\.0\.0\.1:\d+$/);
  await proxy.stop();
  await t.rejects(merchant.call(proxy.url, "pay", payBody()), { code: "ECONNREFUSED" });
});

t.test("wrong rules are refused with their problems, and the old ones stay", async (t) => {
  const proxy = await startProxy({ rules: "rules: [{name: no, api: pay, result: RISK_REJECT}]" });
  t.teardown(() => proxy.stop());
  const setting = proxy.setRules([{ name: "no", api: "pay", result: "RISK_REJCT" }]);
  const refused = await setting.catch((error: unknown) => error);
  t.ok(refused instanceof ProblemsError);
  t.match(refused, { problems: [{ line: 4, message: /RISK_REJCT/, remedy: /RISK_REJECT/ }] });
  t.match((await createMerchant().call(proxy.url, "pay", payBody())).json, { result: { resultCode: "RISK_REJECT" } });
  t.ok((await startProxy({ rules: "rules: 5" }).catch((error: unknown) => error)) instanceof ProblemsError);
  await t.rejects(startProxy({ antomPublicKey: "junk!" }), { message: /neither PEM nor base64/ });
});

t.test("two proxies run in one process without knowing each other, each with its own key and admin server", async (t) => {
  const [one, two] = await Promise.all([
    startProxy({ admin: true, rules: [{ name: "a", api: "pay", result: "RISK_REJECT" }] }),
    startProxy({ admin: true }),
  ]);
  t.teardown(() => Promise.all([one.stop(), two.stop()]));
  const merchant = createMerchant();
  t.match((await merchant.call(one.url, "pay", payBody())).json, { result: { resultCode: "RISK_REJECT" } });
  t.match((await merchant.call(two.url, "pay", payBody())).json, { result: { resultCode: "SUCCESS" } });
  t.not(one.publicKey.base64, two.publicKey.base64);
  t.match(await (await fetch(`${one.adminUrl}/metrics`)).text(), /rule_firings_total\{rule="a"\} 1/);
  t.notMatch(await (await fetch(`${two.adminUrl}/metrics`)).text(), /rule="a"/);
});

t.test("the gateway may be a stand-in that the program started itself, verified with its key", async (t) => {
  const merchant = createMerchant();
  const sandbox = await startSandbox({ merchantPublicKey: merchant.keys.publicKey });
  const proxy = await startProxy({ upstream: sandbox.origin, antomPublicKey: sandbox.publicKeyBase64 });
  t.teardown(() => Promise.all([proxy.stop(), sandbox.stop()]));
  t.match((await merchant.call(proxy.url, "pay", payBody())).json, { result: { resultCode: "SUCCESS" } });
  t.match(proxy.calls(), [{ verdict: "valid" }]);
  t.equal(sandbox.payments().length, 1);
});

t.test("`upstream: call` lets the payment happen and tells the merchant otherwise", async (t) => {
  const sandbox = await startSandbox();
  const rules = [{ name: "moved", api: "pay", upstream: "call", result: "UNKNOWN_EXCEPTION" }];
  const proxy = await startProxy({ upstream: sandbox.origin, antomPublicKey: sandbox.publicKeyPem, rules });
  t.teardown(() => Promise.all([proxy.stop(), sandbox.stop()]));
  const merchant = createMerchant();
  t.match((await merchant.call(proxy.url, "pay", payBody({ id: "R-9" }))).json, {
    result: { resultCode: "UNKNOWN_EXCEPTION", resultStatus: "U" },
  });
  t.match((await merchant.call(proxy.url, "inquiryPayment", { paymentRequestId: "R-9" })).json, { paymentStatus: "SUCCESS" });
  t.match(proxy.calls()[1], { outcome: "injected", verdict: "valid", upstreamResponse: { status: 200 } });
});

t.test("an answer that was tampered with on its way from the gateway is passed on untouched, never signed", async (t) => {
  const sandbox = await startSandbox();
  const liar = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const path = request.url ?? "";
      const headers = ["client-id", "request-time", "signature", "content-type"].map(
        (name) => [name, String(request.headers[name])] as [string, string],
      );
      const answer = await fetch(`${sandbox.origin}${path}`, {
        method: "POST",
        headers,
        body: Buffer.concat(chunks),
      });
      response.setHeader("signature", answer.headers.get("signature") ?? "");
      response.setHeader("client-id", answer.headers.get("client-id") ?? "");
      response.setHeader("response-time", answer.headers.get("response-time") ?? "");
      response.end((await answer.text()).replace("SUCCESS", "SUCCEED"));
    });
  });
  await new Promise<void>((resolve) => liar.listen(0, "127.0.0.1", resolve));
  const upstream = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
  const proxy = await startProxy({ upstream, antomPublicKey: sandbox.publicKeyPem });
  t.teardown(() => Promise.all([proxy.stop(), sandbox.stop(), liar.close()]));
  const answer = await createMerchant().call(proxy.url, "pay", payBody());
  t.match(answer.text, /SUCCEED/);
  t.notOk(opensslAccepts(proxy.publicKey.pem, String(answer.headers["signature"]), answer.signedText));
  t.notOk(opensslAccepts(sandbox.publicKeyPem, String(answer.headers["signature"]), answer.signedText));
  t.match(proxy.calls(), [{ outcome: "forwarded", verdict: "invalid" }]);
});

t.test("a body past the limit is streamed through untouched, and a client that goes away is no error", async (t) => {
  const proxy = await startProxy({ maxBodyBytes: 1000 });
  t.teardown(() => proxy.stop());
  const large = await createMerchant().call(proxy.url, "pay", payBody({ filler: "x".repeat(200_000) }));
  t.match(large.json, { result: { resultCode: "SUCCESS" } });
  t.match(proxy.calls(), [{ outcome: "forwarded", delivery: "streamed" }]);
});
