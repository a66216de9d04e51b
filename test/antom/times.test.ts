import t from "tap";
import { createResponseTimes, responseTime } from "../../src/antom/times.ts";

t.test("a time is ISO 8601 in whole seconds with an offset", async (t) => {
  t.equal(responseTime(Date.UTC(2026, 10, 23, 8, 0, 0, 999)), "2026-11-23T08:00:00+00:00");
  t.equal(responseTime(Date.UTC(2026, 10, 23, 8, 0, 1) + 0.5), "2026-11-23T08:00:01+00:00");
});

t.test("the kept text follows the clock, forwards and backwards", async (t) => {
  const timeAt = createResponseTimes();
  for (const ms of [0, 999, 1000, 1999.9, 500, 86_400_000]) t.equal(timeAt(ms), responseTime(ms), String(ms));
});
