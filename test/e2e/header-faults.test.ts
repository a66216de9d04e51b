import t from "tap";
import { startProxy } from "../../src/index.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";

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
