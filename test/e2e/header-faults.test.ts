import t from "tap";
import { startProxy } from "../../src/index.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { rawCall } from "../helpers/raw-http.ts";

t.test("a caller's own fault acts on its request alone, beside parallel calls, and never reaches upstream", async (t) => {
  const proxy = await startProxy({ allowHeaderFaults: true });
  t.teardown(() => proxy.stop());
  const merchant = createMerchant();
  const codes = ["RISK_REJECT", "PROCESS_FAIL", "SUCCESS"];
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => {
      const code = codes[index % 3];
      const headers = code === "SUCCESS" ? {} : { "x-fault": `pay=${code}` };
      return merchant.call(proxy.url, "pay", payBody({ id: `R-${index}` }), { headers });
    }),
  );
  for (const [index, { json }] of answers.entries()) t.equal(json.result.resultCode, codes[index % 3]);
  t.match(await merchant.call(proxy.url, "inquiryPayment", { paymentRequestId: "R-0" }, { headers: { "x-fault": "pay=RISK_REJECT" } }), {
    json: { result: { resultCode: "ORDER_NOT_EXIST" } },
  });
  const forwarded = proxy.calls().filter((call) => call.outcome === "forwarded");
  t.equal(forwarded.length, 11);
  const wrong = await merchant.call(proxy.url, "pay", payBody(), { headers: { "x-fault": "pay=RISK_REJCT" } });
  t.equal(wrong.status, 403);
  t.match(wrong.json, { result: { resultMessage: /`RISK_REJCT` is not a result code of `pay`/ } });
});

t.test("without --allow-header-faults the header means nothing", async (t) => {
  const proxy = await startProxy();
  t.teardown(() => proxy.stop());
  const answer = await createMerchant().call(proxy.url, "pay", payBody(), { headers: { "x-fault": "pay=RISK_REJECT" } });
  t.match(answer.json, { result: { resultCode: "SUCCESS" } });
});

t.test("a fault that cannot act is refused, not passed on: two lines, a production call, a body over the limit", async (t) => {
  const proxy = await startProxy({ allowHeaderFaults: true, allowProduction: true, maxBodyBytes: 1000 });
  t.teardown(() => proxy.stop());
  const path = "/ams/sandbox/api/v1/payments/pay";
  const call = (target: string, lines: string, body = "{}") =>
    rawCall(proxy.url, `POST ${target} HTTP/1.1\r\nhost: x\r\n${lines}content-length: ${body.length}\r\n\r\n${body}`);
  const sandbox = "client-id: SANDBOX_A\r\n";
  const twice = await call(path, `${sandbox}x-fault: pay=RISK_REJECT\r\nX-Fault: pay=PROCESS_FAIL\r\n`);
  t.match(twice, { statusLine: /403/, body: /more than one `x-fault` line/ });
  const production = await call(path.replace("/sandbox", ""), "client-id: 5X\r\nx-fault: pay=RISK_REJECT\r\n");
  t.match(production, { statusLine: /403/, body: /`x-fault` cannot act/ });
  const large = await call(path, `${sandbox}x-fault: pay=RISK_REJECT\r\n`, " ".repeat(1001));
  t.match(large, { statusLine: /403/, body: /`x-fault` cannot act/ });
  t.same(
    proxy.calls().map(({ outcome, refusal }) => [outcome, refusal]),
    [1, 2, 3].map(() => ["refused", "x-fault"]),
  );
});
