// What setting the machine's clock does to windows, and what it does not.
import t from "tap";
import { correlation } from "../../src/antom/correlation.ts";
import { createLedger, type EmbeddedLedger } from "../../src/ledger/memory/embedded-ledger.ts";
import { readSavedState } from "../../src/ledger/saved-state.ts";
import { createFakeClock, type FakeClock } from "../helpers/fake-clock.ts";
import { ruleOf } from "../helpers/rules.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** 08:00 by the wall clock, nothing alike by the steady one. */
const EIGHT_MS = Date.UTC(2026, 10, 23, 8);

interface Stage {
  readonly clock: FakeClock;
  ledger: EmbeddedLedger;
  /** Why the rule would not act now; undefined: it would. */
  readonly refusal: () => string | undefined;
  readonly restart: (steadyMs: number) => Promise<Stage>;
}

async function stage(keys: string, clock = createFakeClock(EIGHT_MS, EIGHT_MS - 1000), saved?: string): Promise<Stage> {
  const rule = ruleOf(`result: RISK_REJECT\n${keys}`);
  const ledger = createLedger({ correlation, seed: "s", clock, saved: saved === undefined ? undefined : readSavedState(saved) });
  await ledger.retain([rule], clock.steady());
  return {
    clock,
    ledger,
    refusal() {
      const claim = ledger.peek(rule, "", clock.steady());
      return claim.kind === "refused" ? claim.reason : undefined;
    },
    restart: (steadyMs) =>
      stage(keys, createFakeClock(clock.wall(), clock.wall() - steadyMs), JSON.stringify(ledger.snapshot(clock.steady()))),
  };
}

t.test("a duration neither ends early nor late when the clock is set", async (t) => {
  for (const byMs of [HOUR_MS, -HOUR_MS]) {
    const { clock, refusal } = await stage("duration: 30m");
    clock.setWall(byMs);
    await clock.advance(30 * MINUTE_MS - 1);
    t.equal(refusal(), undefined, `${byMs}`);
    await clock.advance(1);
    t.equal(refusal(), "ended", `${byMs}`);
  }
});

t.test("`from` and `until` follow the clock that was set, at once", async (t) => {
  const { clock, refusal } = await stage("from: 2026-11-23T09:00Z\nuntil: 2026-11-23T10:00Z");
  t.equal(refusal(), "waiting");
  clock.setWall(HOUR_MS);
  t.equal(refusal(), undefined);
  clock.setWall(HOUR_MS);
  t.equal(refusal(), "ended");
  clock.setWall(-HOUR_MS);
  t.equal(refusal(), undefined, "it was not yet over");
  clock.setWall(-1);
  t.equal(refusal(), "waiting", "it had not yet begun");
});

t.test("a duration that counts from `from` is counted through: a clock set later leaves it alone", async (t) => {
  const { clock, refusal } = await stage("from: 2026-11-23T08:10Z\nduration: 30m");
  await clock.advance(10 * MINUTE_MS);
  t.equal(refusal(), undefined);
  clock.setWall(HOUR_MS);
  await clock.advance(30 * MINUTE_MS - 1);
  t.equal(refusal(), undefined);
  await clock.advance(1);
  t.equal(refusal(), "ended");
});

t.test(
  "a clock set past `from` shows that the rule was seen after it: `duration` counts from then; set back, it waits for `from`",
  async (t) => {
    const { clock, refusal } = await stage("from: 2026-11-23T08:10Z\nduration: 30m");
    clock.setWall(2 * HOUR_MS);
    t.equal(refusal(), undefined);
    clock.setWall(-2 * HOUR_MS);
    t.equal(refusal(), "waiting");
    await clock.advance(10 * MINUTE_MS);
    t.equal(refusal(), undefined);
  },
);

t.test("windows go on in the next process, whatever its steady clock says", async (t) => {
  const first = await stage("duration: 30m");
  await first.clock.advance(10 * MINUTE_MS);
  const second = await first.restart(77_000_000);
  await second.clock.advance(20 * MINUTE_MS - 1);
  t.equal(second.refusal(), undefined);
  await second.clock.advance(1);
  t.equal(second.refusal(), "ended");
});

t.test("`until` still follows the clock after a restart, and an extension of it is kept", async (t) => {
  const keys = "until: 2026-11-23T09:00Z";
  const first = await stage(keys);
  const rule = ruleOf(`result: RISK_REJECT\n${keys}`);
  await first.ledger.extend(rule.identity, 30 * MINUTE_MS, first.clock.steady());
  const second = await first.restart(5);
  second.clock.setWall(HOUR_MS + 30 * MINUTE_MS - 1);
  t.equal(second.refusal(), undefined);
  second.clock.setWall(1);
  t.equal(second.refusal(), "ended");
});

t.test("`from` that came before the restart is not waited for again, and one that did not is", async (t) => {
  const waiting = await stage("from: 2026-11-23T09:00Z\nduration: 30m");
  const later = await waiting.restart(5);
  t.equal(later.refusal(), "waiting");
  await later.clock.advance(HOUR_MS);
  t.equal(later.refusal(), undefined);
  await later.clock.advance(20 * MINUTE_MS);
  const last = await later.restart(9_000_000);
  last.clock.setWall(HOUR_MS);
  t.equal(last.refusal(), undefined, "ten minutes are left");
  await last.clock.advance(10 * MINUTE_MS);
  t.equal(last.refusal(), "ended");
});

t.test("a state file of an earlier version ends when it said", async (t) => {
  const rule = ruleOf("result: RISK_REJECT\nduration: 30m");
  const old = {
    identity: rule.identity,
    startsAtMs: EIGHT_MS - 20 * MINUTE_MS,
    endsAtMs: EIGHT_MS + 10 * MINUTE_MS,
    firings: 0,
    tallies: [],
  };
  const text = JSON.stringify({ version: 1, atMs: EIGHT_MS, rules: [old], payments: [] });
  const { clock, refusal } = await stage("duration: 30m", createFakeClock(EIGHT_MS, EIGHT_MS - 1000), text);
  await clock.advance(10 * MINUTE_MS - 1);
  t.equal(refusal(), undefined);
  await clock.advance(1);
  t.equal(refusal(), "ended");
});
