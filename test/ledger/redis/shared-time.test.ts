import t from "tap";
import { createSharedTime, timeOf } from "../../../src/ledger/redis/shared-time.ts";

t.test("until Redis has said the time, both clocks count as one", async (t) => {
  const time = createSharedTime();
  t.equal(time.toShared(1000.4), 1000);
  t.equal(time.toLocal(1000), 1000);
});

t.test("the difference is measured in the middle of the question's way, and taken back and forth", async (t) => {
  const time = createSharedTime();
  time.observe(5050, 1000, 1100);
  t.equal(time.toShared(2000), 6000);
  t.equal(time.toLocal(6000), 2000);
});

t.test("readings that differ by no more than the way may take move nothing; a clock that is off does", async (t) => {
  const time = createSharedTime();
  time.observe(5000, 1000, 1000);
  time.observe(5200, 1000, 1000);
  time.observe(6000, 1000, 2600);
  t.equal(time.toShared(1000), 5000);
  time.observe(9000, 1000, 1000);
  t.equal(time.toShared(1000), 9000);
});

t.test("Redis's TIME is seconds and microseconds", async (t) => {
  t.equal(timeOf("1795420800", "123456"), 1795420800123.456);
});
