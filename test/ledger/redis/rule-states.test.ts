import t from "tap";
import { createRuleStates } from "../../../src/ledger/redis/rule-states.ts";
import { createSharedTime } from "../../../src/ledger/redis/shared-time.ts";

t.test("what Redis says of a rule is shown by the replica's own clock", async (t) => {
  const time = createSharedTime();
  time.observe(5000, 1000, 1000);
  const states = createRuleStates(time);
  t.equal(states.stateOf("a@1"), undefined);
  t.equal(states.take("a@1", ["5000", "9000", "", "3"]), true);
  t.same(states.stateOf("a@1"), { window: { startsAtMs: 1000, endsAtMs: 5000, stoppedAtMs: undefined }, firings: 3 });
  t.equal(states.take("a@1", ["5000", "9000", "", "4"]), false, "only its firings moved");
  t.equal(states.take("a@1", ["5000", "9000", "6000", "4"]), true, "it was stopped");
  t.equal(states.stateOf("a@1")?.window.stoppedAtMs, 2000);
});

t.test("a clock that is corrected moves the end of a window, and does not make it a new one", async (t) => {
  const time = createSharedTime();
  time.observe(5000, 1000, 1000);
  const states = createRuleStates(time);
  states.take("a@1", ["5000", "9000", "", "0"]);
  time.observe(15_000, 1000, 1000);
  t.equal(states.take("a@1", ["5000", "9000", "", "0"]), false);
  t.match(states.stateOf("a@1"), { window: { startsAtMs: 1000, endsAtMs: -5000 } });
});

t.test("a reply that is none of ours changes nothing", async (t) => {
  const states = createRuleStates(createSharedTime());
  for (const reply of [undefined, "OK", [], [null, null, null, null], ["soon", "", "", "0"]]) t.equal(states.take("a@1", reply), false);
  t.equal(states.stateOf("a@1"), undefined);
});

t.test("firings only rise, and what is no longer in force is forgotten", async (t) => {
  const states = createRuleStates(createSharedTime());
  states.take("a@1", ["1", "", "", "5"]);
  states.fired("a@1", 7);
  states.fired("a@1", 6);
  t.equal(states.stateOf("a@1")?.firings, 7);
  states.keep(new Set());
  t.equal(states.stateOf("a@1"), undefined);
  t.equal(states.lastKnown("a@1"), undefined);
});
