import t from "tap";
import { createSharedTime } from "../../../src/ledger/redis/shared-time.ts";
import { createStandings } from "../../../src/ledger/redis/standings.ts";

t.test("what Redis says of a rule is shown by the replica's own clock", async (t) => {
  const time = createSharedTime();
  time.observe(5000, 1000, 1000);
  const standings = createStandings(time);
  t.equal(standings.standingOf("a@1"), undefined);
  t.equal(standings.take("a@1", ["5000", "9000", "", "3"]), true);
  t.same(standings.standingOf("a@1"), { window: { startsAtMs: 1000, endsAtMs: 5000, stoppedAtMs: undefined }, firings: 3 });
  t.equal(standings.take("a@1", ["5000", "9000", "", "4"]), false, "only its firings moved");
  t.equal(standings.take("a@1", ["5000", "9000", "6000", "4"]), true, "it was stopped");
  t.equal(standings.standingOf("a@1")?.window.stoppedAtMs, 2000);
});

t.test("a clock that is corrected moves the end of a window, and does not make it a new one", async (t) => {
  const time = createSharedTime();
  time.observe(5000, 1000, 1000);
  const standings = createStandings(time);
  standings.take("a@1", ["5000", "9000", "", "0"]);
  time.observe(15_000, 1000, 1000);
  t.equal(standings.take("a@1", ["5000", "9000", "", "0"]), false);
  t.match(standings.standingOf("a@1"), { window: { startsAtMs: 1000, endsAtMs: -5000 } });
});

t.test("a reply that is none of ours changes nothing", async (t) => {
  const standings = createStandings(createSharedTime());
  for (const reply of [undefined, "OK", [], [null, null, null, null], ["soon", "", "", "0"]]) t.equal(standings.take("a@1", reply), false);
  t.equal(standings.standingOf("a@1"), undefined);
});

t.test("firings only rise, and what is no longer in force is forgotten", async (t) => {
  const standings = createStandings(createSharedTime());
  standings.take("a@1", ["1", "", "", "5"]);
  standings.fired("a@1", 7);
  standings.fired("a@1", 6);
  t.equal(standings.standingOf("a@1")?.firings, 7);
  standings.keep(new Set());
  t.equal(standings.standingOf("a@1"), undefined);
  t.equal(standings.lastKnown("a@1"), undefined);
});
