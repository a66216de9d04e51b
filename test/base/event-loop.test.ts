import t from "tap";
import { endOfLoopTurn, inSlices } from "../../src/base/event-loop.ts";

t.test("all who ask in one turn go on together and in order, before the next turn's timers", async (t) => {
  const seen: string[] = [];
  const timer = new Promise<void>((resolve) => {
    setTimeout(() => {
      seen.push("timer");
      resolve();
    }, 5);
  });
  await Promise.all(["first", "second", "third"].map((name) => endOfLoopTurn().then(() => seen.push(name))));
  await timer;
  t.same(seen, ["first", "second", "third", "timer"]);
});

t.test("who asks in one turn shares a promise; a later turn has its own", async (t) => {
  const first = endOfLoopTurn();
  t.equal(endOfLoopTurn(), first);
  await first;
  t.not(endOfLoopTurn(), first);
});

t.test("long work lets turns pass in between, and says what came of it", async (t) => {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    ticking = setImmediate(count);
  };
  let ticking = setImmediate(count);
  function* work(): Generator<undefined, string> {
    for (let step = 0; step < 4; step += 1) {
      const untilMs = performance.now() + 1;
      while (performance.now() < untilMs);
      yield;
    }
    return "done";
  }
  t.equal(await inSlices(work()), "done");
  clearImmediate(ticking);
  t.ok(turns >= 4, `${turns} turns`);
});

t.test("work that throws rejects", async (t) => {
  function* work(): Generator<undefined, void> {
    yield;
    throw new Error("no");
  }
  await t.rejects(inSlices(work()), { message: "no" });
});
