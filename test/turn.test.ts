import t from "tap";
import { endOfTurn } from "../src/turn.ts";

t.test("all who ask in one turn go on together and in order, before the next turn's timers", async (t) => {
  const seen: string[] = [];
  const timer = new Promise<void>((resolve) => {
    setTimeout(() => {
      seen.push("timer");
      resolve();
    }, 5);
  });
  await Promise.all(["first", "second", "third"].map((name) => endOfTurn().then(() => seen.push(name))));
  await timer;
  t.same(seen, ["first", "second", "third", "timer"]);
});

t.test("who asks in one turn shares a promise; a later turn has its own", async (t) => {
  const first = endOfTurn();
  t.equal(endOfTurn(), first);
  await first;
  t.not(endOfTurn(), first);
});
