/** The countdown of the gateway's time. */
import t from "tap";
import { createCountdown } from "../../src/upstream/deadlines.ts";

t.test("a countdown ends once, when its time has been counted", async (t) => {
  let over = 0;
  const countdown = createCountdown(20, () => {
    over += 1;
  });
  countdown.start();
  while (over === 0) await new Promise((resolve) => setImmediate(resolve));
  countdown.resume();
  countdown.start();
  await new Promise((resolve) => setTimeout(resolve, 40));
  t.equal(over, 1);
});

t.test("time in which it is paused is not counted, and what was counted before stays counted", async (t) => {
  let over = false;
  const countdown = createCountdown(200, () => {
    over = true;
  });
  countdown.start();
  const counted = performance.now() + 100;
  while (performance.now() < counted) await new Promise((resolve) => setImmediate(resolve));
  countdown.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.notOk(over, "three times its time has passed since it was started");
  const resumedMs = performance.now();
  countdown.resume();
  while (!over) await new Promise((resolve) => setImmediate(resolve));
  t.ok(performance.now() - resumedMs < 190, "it went on with what was left");
});

t.test("an ended countdown never calls", async (t) => {
  const countdown = createCountdown(1, () => t.fail("called"));
  countdown.start();
  countdown.end();
  countdown.resume();
  countdown.start();
  await new Promise((resolve) => setTimeout(resolve, 20));
});
