/** Tasks run one after the other, whatever becomes of those before. */
import t from "tap";
import { createTaskQueue } from "../../src/base/task-queue.ts";

t.test("a task begins when those before it have ended, also where they failed", async (t) => {
  const run = createTaskQueue();
  const seen: string[] = [];
  let finish: () => void = () => undefined;
  const first = run(async () => {
    seen.push("first begins");
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    seen.push("first ends");
    throw new Error("first failed");
  });
  const second = run(async () => {
    seen.push("second");
    return 2;
  });
  await Promise.resolve();
  await Promise.resolve();
  t.same(seen, ["first begins"]);
  finish();
  await t.rejects(first, /first failed/);
  t.equal(await second, 2);
  t.same(seen, ["first begins", "first ends", "second"]);
});
