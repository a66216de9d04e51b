/** The countdown of the gateway's time, by timers and a reading that the test moves. */
import { mock } from "node:test";
import t, { type Test } from "tap";
import { createCountdown } from "../../src/upstream/deadlines.ts";

/** Stops Node's timers and `performance.now` for the test; gives the way to let milliseconds pass. */
function stopTime(t: Test): (ms: number) => void {
  let nowMs = 0;
  mock.timers.enable({ apis: ["setTimeout"] });
  t.teardown(() => mock.timers.reset());
  t.intercept(performance, "now", { value: () => nowMs });
  return (ms) => {
    nowMs += ms;
    mock.timers.tick(ms);
  };
}

t.test("a countdown ends once, when its time has been counted", async (t) => {
  const pass = stopTime(t);
  let over = 0;
  const countdown = createCountdown(20, () => {
    over += 1;
  });
  countdown.start();
  pass(19);
  t.equal(over, 0);
  pass(1);
  t.equal(over, 1);
  countdown.resume();
  countdown.start();
  pass(1000);
  t.equal(over, 1);
});

t.test("time in which it is paused is not counted, and what was counted before stays counted", async (t) => {
  const pass = stopTime(t);
  let over = 0;
  const countdown = createCountdown(200, () => {
    over += 1;
  });
  countdown.start();
  pass(100);
  countdown.pause();
  pass(300);
  t.equal(over, 0);
  countdown.resume();
  pass(99);
  t.equal(over, 0);
  pass(1);
  t.equal(over, 1, "it went on with what was left");
});

t.test("a new start has the whole time again", async (t) => {
  const pass = stopTime(t);
  let over = 0;
  const countdown = createCountdown(200, () => {
    over += 1;
  });
  countdown.start();
  pass(150);
  countdown.start();
  pass(199);
  t.equal(over, 0);
  pass(1);
  t.equal(over, 1);
});

t.test("an ended countdown never calls", async (t) => {
  const pass = stopTime(t);
  let over = 0;
  const countdown = createCountdown(1, () => {
    over += 1;
  });
  countdown.start();
  countdown.end();
  countdown.resume();
  countdown.start();
  pass(1000);
  t.equal(over, 0);
});
