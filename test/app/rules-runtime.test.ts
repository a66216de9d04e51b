/** The rules of a running proxy, met over real sockets. */
import t from "tap";
import { startProxy } from "../../src/index.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";

const HOUR_MS = 3_600_000;

t.test("a clock that is set while the proxy runs moves `from`, `until`, response-time and the record's time, and no length", async (t) => {
  const clock = createFakeClock(Date.UTC(2026, 10, 23, 8), 1_700_000_000_000);
  const proxy = await startProxy({
    clock,
    rules: [
      { name: "till-nine", api: "pay", result: "RISK_REJECT", until: "2026-11-23T09:00:00Z" },
      { name: "from-ten", api: "pay", result: "PROCESS_FAIL", from: "2026-11-23T10:00:00Z" },
      { name: "length", api: "refund", result: "PROCESS_FAIL", duration: "30m" },
    ],
  });
  t.teardown(() => proxy.stop());
  const merchant = createMerchant();
  const pay = async (): Promise<unknown[]> => {
    const { json, headers } = await merchant.call(proxy.url, "pay", payBody());
    const [record] = proxy.calls();
    return [json.result.resultCode, headers["response-time"], new Date(record?.startedAtMs ?? 0).toISOString(), record?.durationMs];
  };
  const refund = async (): Promise<string> => (await merchant.call(proxy.url, "refund", {})).json.result.resultCode;
  t.same(await pay(), ["RISK_REJECT", "2026-11-23T08:00:00+00:00", "2026-11-23T08:00:00.000Z", 0]);
  clock.setWall(2 * HOUR_MS);
  t.same(await pay(), ["PROCESS_FAIL", "2026-11-23T10:00:00+00:00", "2026-11-23T10:00:00.000Z", 0]);
  t.equal(await refund(), "PROCESS_FAIL", "its half hour is not over");
  clock.setWall(-2 * HOUR_MS);
  t.match(await pay(), ["RISK_REJECT", "2026-11-23T08:00:00+00:00"]);
  await clock.advance(HOUR_MS / 2);
  t.not(await refund(), "PROCESS_FAIL", "now it is");
});
