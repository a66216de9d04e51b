import t from "tap";
import { createCallIds, systemClock } from "../src/system.ts";

t.test("the clock gives epoch milliseconds", async (t) => {
  t.ok(Math.abs(systemClock.now() - Date.now()) < 1000);
});

t.test("a sleep ends after its time, or with the signal's reason", async (t) => {
  const before = performance.now();
  await systemClock.sleep(20);
  t.ok(performance.now() - before >= 15);
  const gone = new AbortController();
  const sleeping = systemClock.sleep(2 ** 40, gone.signal);
  gone.abort();
  await t.rejects(sleeping, { name: "AbortError" }, "a sleep longer than any timer can be ended too");
});

t.test("call ids are unique and stand in the order of their making", async (t) => {
  const next = createCallIds();
  const ids = Array.from({ length: 100 }, next);
  t.equal(new Set(ids).size, 100);
  t.same(ids.toSorted(), ids);
  t.not(createCallIds()().split("-")[0], ids[0]?.split("-")[0], "another start has another prefix");
});
