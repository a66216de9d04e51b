import t from "tap";
import { createCallIds, createClock, systemClock } from "../../src/base/machine-clock.ts";

const HOUR_MS = 3_600_000;

/** A machine whose clock can be set and which can be put to sleep; a wait ends when its time has passed awake. */
function createMachine() {
  const at = { wallMs: 1_800_000_000_000, awakeMs: 500, asleepMs: 40_000 };
  const waits: number[] = [];
  const clock = createClock({
    wall: () => at.wallMs,
    awake: () => at.awakeMs,
    // As coarse as /proc/uptime.
    booted: () => Math.floor((at.awakeMs + at.asleepMs) / 10) * 10,
    async wait(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      pass(ms);
    },
  });
  const pass = (ms: number): void => {
    at.wallMs += ms;
    at.awakeMs += ms;
  };
  const suspend = (ms: number): void => {
    at.wallMs += ms;
    at.asleepMs += ms;
  };
  return { at, clock, pass, suspend, waits };
}

t.test("the wall reading follows the machine's clock, the steady one does not", async (t) => {
  const { at, clock, pass } = createMachine();
  const before = { wallMs: clock.wall(), steadyMs: clock.steady() };
  at.wallMs -= HOUR_MS;
  pass(1000);
  t.equal(clock.wall() - before.wallMs, 1000 - HOUR_MS);
  t.equal(clock.steady() - before.steadyMs, 1000);
});

t.test("time asleep counts, once, however often the machine sleeps", async (t) => {
  const { clock, pass, suspend } = createMachine();
  const before = clock.steady();
  for (let count = 1; count <= 3; count += 1) {
    suspend(HOUR_MS);
    pass(250);
    t.ok(Math.abs(clock.steady() - before - count * (HOUR_MS + 250)) <= 10, `${clock.steady() - before} ms`);
  }
});

t.test("the coarseness of the machine's uptime never shows", async (t) => {
  const { clock, pass } = createMachine();
  const before = clock.steady();
  for (let count = 0; count < 1000; count += 1) {
    pass(253);
    clock.steady();
  }
  t.equal(clock.steady() - before, 253_000);
});

t.test("a long sleep of the clock ends soon after the machine woke up", async (t) => {
  const { clock, suspend, waits } = createMachine();
  const sleeping = clock.sleep(10 * 60_000);
  suspend(HOUR_MS);
  await sleeping;
  t.equal(waits.length, 1, "not after ten more minutes awake");
});

t.test("the machine's clock gives epoch milliseconds, and a steady reading that grows", async (t) => {
  t.ok(Math.abs(systemClock.wall() - Date.now()) < 1000);
  const before = systemClock.steady();
  await systemClock.sleep(20);
  t.ok(systemClock.steady() - before >= 15);
});

t.test("a sleep ends with the signal's reason, also one longer than any timer", async (t) => {
  const gone = new AbortController();
  const sleeping = systemClock.sleep(2 ** 40, gone.signal);
  gone.abort();
  await t.rejects(sleeping, { name: "AbortError" });
});

t.test("call ids are unique and stand in the order of their making", async (t) => {
  const next = createCallIds();
  const ids = Array.from({ length: 100 }, next);
  t.equal(new Set(ids).size, 100);
  t.same(ids.toSorted(), ids);
  t.not(createCallIds()().split("-")[0], ids[0]?.split("-")[0], "another start has another prefix");
});
