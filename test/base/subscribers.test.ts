import t from "tap";
import { createSubscribers } from "../../src/base/subscribers.ts";
import { createEventQueue } from "../../src/rules/event-queue.ts";
import { settled } from "../helpers/fake-clock.ts";

t.test("a subscriber that throws is reported, and the others are told", async (t) => {
  const errors: unknown[] = [];
  const told: string[] = [];
  const subscribers = createSubscribers<string>((error) => errors.push(error));
  subscribers.add(() => {
    throw new Error("first");
  });
  const leave = subscribers.add((value) => told.push(value));
  subscribers.tell("a");
  leave();
  subscribers.tell("b");
  t.same(told, ["a"]);
  t.match(errors, [{ message: "first" }, { message: "first" }]);
});

t.test("where the report fails too, the process's warnings have it, and nothing is thrown", async (t) => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  t.teardown(() => process.off("warning", onWarning));
  const subscribers = createSubscribers<string>(() => {
    throw new Error("no log");
  });
  subscribers.add(() => {
    throw new Error("bad listener");
  });
  subscribers.tell("a");
  await settled();
  t.match(warnings, [{ message: "bad listener" }]);
});

t.test("a queue goes on after an event whose listener throws, also when it is flushed", async (t) => {
  const errors: unknown[] = [];
  const told: number[] = [];
  const queue = createEventQueue<{ readonly at: number }>(
    ({ at }) => {
      if (at % 3 === 0) throw new Error(`event ${at}`);
      told.push(at);
    },
    (error) => errors.push(error),
  );
  const events = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ at: from + index }));
  queue.add(events(0, 60));
  while (told.length + errors.length < 60) await settled();
  queue.add(events(60, 60));
  queue.flush();
  t.equal(told.length, 80);
  t.equal(errors.length, 40);
  t.same(
    told,
    told.toSorted((a, b) => a - b),
  );
});
