import t from "tap";
import { startProxy } from "../../src/app/start-proxy.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { startRawOrigin } from "../helpers/raw-origin.ts";

const TRACE = {
  // The examples of W3C Trace Context (Recommendation of 2021-11-23, sections 3.2 and 3.3) and W3C Baggage.
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  tracestate: "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
  baggage: "userId=alice,serverNode=DF%2028",
};

t.test("a trace goes on through the proxy: its headers arrive upstream as they were sent, in both lanes", async (t) => {
  const body = '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success."}}';
  const origin = await startRawOrigin(
    () => `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  const proxy = await startProxy({ upstream: origin.origin, maxBodyBytes: 4096 });
  t.teardown(async () => {
    await proxy.stop();
    await origin.close();
  });
  const merchant = createMerchant();
  for (const [lane, note] of [
    ["exchange", ""],
    ["stream", "x".repeat(10_000)],
  ] as const) {
    await merchant.call(proxy.url, "pay", payBody({ note }), { headers: TRACE });
    const came = origin.received.splice(0).join("");
    for (const [name, value] of Object.entries(TRACE)) {
      const lines = came.split("\r\n").filter((line) => line.toLowerCase().startsWith(`${name}:`));
      t.same(lines, [`${name}: ${value}`], `${lane}: ${name}`);
    }
  }
});

t.test("an injected answer adds no trace of its own, and none is made up where there was none", async (t) => {
  const proxy = await startProxy({ rules: [{ name: "no", api: "pay", result: "RISK_REJECT" }] });
  t.teardown(proxy.stop);
  const came = await createMerchant().call(proxy.url, "pay", payBody(), { headers: TRACE });
  t.equal(came.json.result.resultCode, "RISK_REJECT");
  for (const name of Object.keys(TRACE)) t.notOk(name in came.headers, name);
});
