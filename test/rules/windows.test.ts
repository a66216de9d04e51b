import t from "tap";
import type { EmbeddedLedger } from "../../src/ledger/memory/embedded-ledger.ts";
import type { RuleSet } from "../../src/rules/rule.ts";
import { type WindowEvent, type Windows, watchWindows } from "../../src/rules/windows.ts";
import { createFakeClock, type FakeClock, settled } from "../helpers/fake-clock.ts";
import { ledgerOf, rulesOf, START_MS } from "../helpers/rules.ts";

const MINUTE_MS = 60_000;

interface Stage {
  readonly clock: FakeClock;
  readonly ledger: EmbeddedLedger;
  readonly windows: Windows;
  readonly told: () => (string | number)[][];
  rules: RuleSet;
}

async function stage(text: string, options: { seenAtMs?: number; atMs?: number } = {}): Promise<Stage> {
  const rules = rulesOf(text);
  const clock = createFakeClock(options.atMs ?? START_MS);
  const ledger = await ledgerOf(rules, { clock });
  const events: WindowEvent[] = [];
  const holder = { rules };
  const windows = watchWindows({
    ledger,
    clock,
    rules: () => holder.rules,
    listener: (event) => events.push(event),
    seenAtMs: options.seenAtMs,
  });
  const told = (): (string | number)[][] =>
    events.splice(0).map(({ kind, rule, atMs }) => [kind, rule.name, (atMs - START_MS) / MINUTE_MS]);
  return Object.assign(holder, { clock, ledger, windows, told });
}

t.test("a window's beginning and its own end are told when they come", async (t) => {
  const { clock, told, windows } = await stage(`
rules:
  - {name: short, api: pay, abort: reset, duration: 1m}
  - {name: long, api: pay, abort: reset, duration: 30m}
  - {name: later, api: pay, abort: reset, from: 2026-11-23T08:10Z, duration: 10m}
  - {name: endless, api: pay, abort: reset}
  - {name: off, api: pay, abort: reset, active: false}
`);
  t.same(told(), [
    ["started", "short", 0],
    ["started", "long", 0],
    ["started", "endless", 0],
  ]);
  await clock.advance(MINUTE_MS);
  t.same(told(), [["ended", "short", 1]]);
  await clock.advance(60 * MINUTE_MS);
  t.same(told(), [
    ["started", "later", 10],
    ["ended", "later", 20],
    ["ended", "long", 30],
  ]);
  t.equal(clock.sleeping(), 0, "nothing is left to wait for");
  windows.close();
});

t.test("what is done by hand is told: stop, extend, re-arm", async (t) => {
  const { clock, ledger, rules, told, windows } = await stage("rules:\n  - {name: a, api: pay, abort: reset, duration: 10m}\n");
  const [rule] = rules.rules;
  if (rule === undefined) return;
  told();
  await ledger.extend(rule.identity, 5 * MINUTE_MS, START_MS);
  await clock.advance(10 * MINUTE_MS);
  t.same(told(), []);
  await clock.advance(5 * MINUTE_MS);
  t.same(told(), [["ended", "a", 15]]);
  await ledger.rearm(rule, clock.steady());
  await settled();
  t.same(told(), [["started", "a", 15]]);
  await clock.advance(MINUTE_MS);
  await ledger.stop(rule.identity, clock.steady());
  await settled();
  t.same(told(), [["stopped", "a", 16]]);
  windows.close();
});

t.test("a rule that an edit brought in is told, one that stayed is not", async (t) => {
  const staged = await stage("rules:\n  - {name: a, api: pay, abort: reset, duration: 10m}\n");
  staged.told();
  const edited = rulesOf(
    "rules:\n  - {name: a, api: pay, abort: reset, duration: 10m}\n  - {name: b, api: pay, abort: reset, duration: 1m}\n",
  );
  await staged.ledger.retain(edited.rules, staged.clock.steady());
  t.same(staged.told(), [], "not in between the two");
  staged.rules = edited;
  staged.windows.refresh();
  await settled();
  t.same(staged.told(), [["started", "b", 0]]);
  await staged.clock.advance(MINUTE_MS);
  t.same(staged.told(), [["ended", "b", 1]]);
  staged.windows.close();
});

t.test("after a restart only what is new is told: also an end while the program was down", async (t) => {
  const text =
    "rules:\n  - {name: over, api: pay, abort: reset, duration: 5m}\n  - {name: running, api: pay, abort: reset, duration: 30m}\n";
  const { told, windows } = await stage(text, { seenAtMs: START_MS + MINUTE_MS, atMs: START_MS + 10 * MINUTE_MS });
  t.same(told(), [["ended", "over", 5]]);
  windows.close();
});

t.test("an end of long ago that was told before is not told again", async (t) => {
  const { told, windows } = await stage("rules:\n  - {name: over, api: pay, abort: reset, duration: 5m}\n", {
    seenAtMs: START_MS + 6 * MINUTE_MS,
    atMs: START_MS + 10 * MINUTE_MS,
  });
  t.same(told(), []);
  windows.close();
});

t.test("many beginnings at once are told in order, not all in one turn; closing tells the rest", async (t) => {
  const many = Array.from({ length: 60 }, (_, index) => `  - {name: r${index}, api: pay, abort: reset}\n`);
  const { told, windows } = await stage(`rules:\n${many.join("")}`);
  const names = many.map((_, index) => `r${index}`);
  const first = told().map(([, name]) => name);
  t.ok(first.length >= 25, `${first.length} at once`);
  t.same(first, names.slice(0, first.length));
  windows.close();
  t.same(
    told().map(([, name]) => name),
    names.slice(first.length),
  );
  await settled();
  t.same(told(), []);
});

t.test("what changed just before it is closed is still told", async (t) => {
  const { clock, ledger, rules, told, windows } = await stage("rules:\n  - {name: a, api: pay, abort: reset, duration: 5m}\n");
  const [rule] = rules.rules;
  if (rule === undefined) return;
  told();
  await ledger.stop(rule.identity, START_MS);
  windows.close();
  t.same(told(), [["stopped", "a", 0]]);
  await settled();
  t.same(told(), [], "once");
  t.equal(clock.sleeping(), 0);
});

t.test("once closed it is silent and waits for nothing", async (t) => {
  const { clock, ledger, rules, told, windows } = await stage("rules:\n  - {name: a, api: pay, abort: reset, duration: 5m}\n");
  told();
  windows.close();
  await ledger.retain(rules.rules, START_MS);
  await clock.advance(10 * MINUTE_MS);
  t.same(told(), []);
  t.equal(clock.sleeping(), 0);
});

t.test("a clock that is set ends `until` and begins `from` within a second, and is told once", async (t) => {
  const { clock, told, windows } = await stage(`
rules:
  - {name: till-nine, api: pay, abort: reset, until: 2026-11-23T09:00Z}
  - {name: from-ten, api: pay, abort: reset, from: 2026-11-23T10:00Z}
  - {name: length, api: pay, abort: reset, duration: 30m}
`);
  const names = (): unknown[] => told().map(([kind, name]) => [kind, name]);
  names();
  clock.setWall(60 * MINUTE_MS);
  await clock.advance(1000);
  t.same(names(), [["ended", "till-nine"]]);
  clock.setWall(60 * MINUTE_MS);
  await clock.advance(1000);
  t.same(names(), [["started", "from-ten"]]);
  clock.setWall(-120 * MINUTE_MS);
  await clock.advance(1000);
  t.same(names(), [["started", "till-nine"]], "the clock was set back: it runs again");
  await clock.advance(30 * MINUTE_MS);
  t.same(names(), [["ended", "length"]], "after its own thirty minutes");
  windows.close();
});
