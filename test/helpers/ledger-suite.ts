/** What every ledger must do, wherever it keeps its windows and tallies: run against the embedded one and against a real Redis. */
import type { Test } from "tap";
import type { Claim, Ledger, LedgerChange } from "../../src/rules/ledger.ts";
import type { Rule } from "../../src/rules/rule.ts";
import { seededRandom } from "../../src/rules/select/seeded-random.ts";
import { answer, call, ruleOf, rulesOf, START_MS } from "./rules.ts";

export interface LedgerUnderTest {
  readonly ledger: Ledger;
  /** What the clock that decides on `from` and `until` says at START_MS of the steady one. */
  readonly wallMs: number;
  /** Ends this ledger and gives the one that the next process would have. */
  restart(): Promise<Ledger>;
}

/** A fresh ledger, or `undefined` for the standard seed. */
export type OpenLedger = (seed?: string) => Promise<LedgerUnderTest>;

const MINUTE_MS = 60_000;

/** Runs the whole suite; `calls` is how many claims the statistical test makes. */
export async function ledgerSuite(t: Test, open: OpenLedger, calls = 20_000): Promise<void> {
  await windows(t, open);
  await counting(t, open);
  await chance(t, open, calls);
  await changes(t, open);
  await continuity(t, open);
}

async function windows(t: Test, open: OpenLedger): Promise<void> {
  await t.test("a window runs from when the rule is first seen until its duration is over", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nduration: 30m");
    const { ledger } = await open();
    t.same(await ledger.claim(rule, "", START_MS), { kind: "refused", reason: "unknown" });
    await ledger.retain([rule], START_MS);
    const window = { startsAtMs: START_MS, endsAtMs: START_MS + 30 * MINUTE_MS, stoppedAtMs: undefined };
    t.same(ledger.stateOf(rule.identity), { window, firings: 0 });
    t.match(await ledger.claim(rule, "", START_MS), { kind: "granted" });
    t.match(await ledger.claim(rule, "", START_MS + 30 * MINUTE_MS - 1), { kind: "granted" });
    t.same(await ledger.claim(rule, "", START_MS + 30 * MINUTE_MS), { kind: "refused", reason: "ended" });
    t.equal(ledger.stateOf(rule.identity)?.firings, 2);
  });

  await t.test("from delays the beginning, duration counts from there, until cuts it off", async (t) => {
    const minutes = (ms: number | undefined): number | undefined => ms && Math.round((ms - START_MS) / MINUTE_MS);
    const windowOf = async (keys: (at: (minutes: number) => string) => string): Promise<unknown> => {
      const { ledger, wallMs } = await open();
      const rule = ruleOf(`result: RISK_REJECT\n${keys((later) => new Date(wallMs + later * MINUTE_MS).toISOString())}`);
      await ledger.retain([rule], START_MS);
      const { startsAtMs, endsAtMs } = ledger.stateOf(rule.identity)?.window ?? {};
      return [minutes(startsAtMs), minutes(endsAtMs)];
    };
    t.same(await windowOf(() => ""), [0, undefined]);
    t.same(await windowOf((at) => `from: ${at(60)}\nduration: 30m`), [60, 90]);
    t.same(await windowOf((at) => `from: ${at(60)}\nuntil: ${at(70)}`), [60, 70]);
    const { ledger, wallMs } = await open();
    const waiting = ruleOf(`result: RISK_REJECT\nfrom: ${new Date(wallMs + 60 * MINUTE_MS).toISOString()}`);
    await ledger.retain([waiting], START_MS);
    t.same(await ledger.claim(waiting, "", START_MS), { kind: "refused", reason: "waiting" });
  });

  await t.test("windows can be extended, stopped and re-armed", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nduration: 30m\ntimes: 1");
    const endless = ruleOf("name: b\nresult: RISK_REJECT");
    const { ledger } = await open();
    await ledger.retain([rule, endless], START_MS);
    await ledger.claim(rule, "", START_MS);
    t.equal(await ledger.extend(rule.identity, 10 * MINUTE_MS, START_MS), true);
    t.equal(ledger.stateOf(rule.identity)?.window.endsAtMs, START_MS + 40 * MINUTE_MS);
    t.equal(await ledger.extend(endless.identity, MINUTE_MS, START_MS), false, "it has no end");
    t.equal(await ledger.extend(rule.identity, MINUTE_MS, START_MS + 41 * MINUTE_MS), false, "it has ended");
    t.equal(await ledger.stop(endless.identity, START_MS), true);
    t.equal(await ledger.stop(endless.identity, START_MS), false);
    t.equal(ledger.stateOf(endless.identity)?.window.stoppedAtMs, START_MS);
    t.same(await ledger.claim(endless, "", START_MS), { kind: "refused", reason: "stopped" });
    t.equal(await ledger.rearm(endless, START_MS + 1), true);
    t.match(await ledger.claim(endless, "", START_MS + 1), { kind: "granted" });
    t.equal(await ledger.rearm(rule, START_MS + 60 * MINUTE_MS), true);
    t.equal(ledger.stateOf(rule.identity)?.firings, 0);
    t.same(await claims(ledger, rule, "", 2, START_MS + 60 * MINUTE_MS), [1, "spent"]);
    t.equal(await ledger.stop("nobody@1", START_MS), false);
    t.equal(await ledger.rearm(ruleOf("name: c\nresult: RISK_REJECT"), START_MS), false);
  });
}

async function counting(t: Test, open: OpenLedger): Promise<void> {
  await t.test("skip lets calls through, times ends it, each counted per key", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nskip: 1\ntimes: 2\nper: paymentRequestId");
    const { ledger } = await opened(open, [rule]);
    t.same(await claims(ledger, rule, "R1", 5), ["skipped", 1, 2, "spent", "spent"]);
    t.same(await claims(ledger, rule, "支付-2", 2), ["skipped", 1]);
    t.equal(ledger.stateOf(rule.identity)?.firings, 3);
  });

  await t.test("peek answers like claim and books nothing", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\ntimes: 1");
    const { ledger } = await opened(open, [rule]);
    const looked = await ledger.peek(rule, "", START_MS);
    t.same(await ledger.peek(rule, "", START_MS), looked);
    t.same(await ledger.claim(rule, "", START_MS), looked);
    t.same(await ledger.peek(rule, "", START_MS), { kind: "refused", reason: "spent" });
  });

  await t.test("times: 3 fires three times under 100 parallel calls, each with an ordinal of its own", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\ntimes: 3");
    const { ledger } = await opened(open, [rule]);
    const answers = await Promise.all(Array.from({ length: 100 }, async () => ledger.claim(rule, "", START_MS)));
    t.same(outcomes(answers.filter(({ kind }) => kind === "granted")).toSorted(), [1, 2, 3]);
  });

  await t.test("a sequence that forwards then is spent after its steps, sooner with times", async (t) => {
    const fired = async (keys: string): Promise<unknown> => {
      const rule = ruleOf(`steps: [{abort: reset, times: 2}, {abort: hang}]\nthen: forward\n${keys}`);
      return await claims((await opened(open, [rule])).ledger, rule, "", 4);
    };
    t.same(await fired(""), [1, 2, 3, "spent"]);
    t.same(await fired("times: 2"), [1, 2, "spent", "spent"]);
  });

  await t.test("a payment id counts as its payment request id once an answer told it", async (t) => {
    const rule = ruleOf("api: [pay, inquiryPayment]\nresult: UNKNOWN_EXCEPTION\ntimes: 2\nper: paymentRequestId");
    const { ledger } = await opened(open, [rule]);
    t.same(await claims(ledger, rule, { alias: "paymentId", id: "P9" }, 1), [1], "unknown payments have tallies of their own");
    t.same(await claims(ledger, rule, "R1", 1), [1]);
    ledger.observeAnswer(call({ body: '{ "paymentRequestId" : "R1" }' }).request, answer({ result: {}, paymentId: "P1" }).body);
    t.same([...(await claims(ledger, rule, { alias: "paymentId", id: "P1" }, 1)), ...(await claims(ledger, rule, "R1", 1))], [2, "spent"]);
  });
}

async function chance(t: Test, open: OpenLedger, calls: number): Promise<void> {
  await t.test("probability keeps within its binomial bound, and repeats itself for the same seed, in every ledger alike", async (t) => {
    const fired = async (keys: string, seed: string, count: number): Promise<string> => {
      const rule = ruleOf(`result: RISK_REJECT\n${keys}`);
      const { ledger } = await opened(open, [rule], seed);
      const answers = await Promise.all(Array.from({ length: count }, async () => ledger.claim(rule, "", START_MS)));
      return answers.map(({ kind }) => (kind === "granted" ? "1" : "0")).join("");
    };
    for (const probability of [0.01, 0.25, 0.9]) {
      const hits = [...(await fired(`probability: ${probability}`, "seed", calls))].filter((one) => one === "1").length;
      const deviation = Math.sqrt(calls * probability * (1 - probability));
      t.ok(Math.abs(hits - calls * probability) < 4 * deviation, `${probability}: ${hits}`);
    }
    const { identity } = ruleOf("result: RISK_REJECT\nprobability: 0.5");
    const rolls = Array.from({ length: 64 }, (_, index) => (seededRandom(`seed\u0000${identity}\u0000`, index + 1) < 0.5 ? "1" : "0")).join(
      "",
    );
    t.equal(await fired("probability: 0.5", "seed", 64), rolls);
    t.not(await fired("probability: 0.5", "other", 64), rolls);
    t.notMatch(await fired("probability: 0", "seed", 64), /1/);
    t.notMatch(await fired("probability: 1", "seed", 64), /0/);
  });
}

async function changes(t: Test, open: OpenLedger): Promise<void> {
  await t.test("edits of other rules keep window and tally; an edit of the rule, or off and on, begins anew", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nduration: 30m\ntimes: 2");
    const other = ruleOf("name: b\nresult: PROCESS_FAIL");
    const off = ruleOf("result: RISK_REJECT\nduration: 30m\ntimes: 2\nactive: false");
    const { ledger } = await opened(open, [rule]);
    await ledger.claim(rule, "", START_MS);
    await ledger.retain([rule, other], START_MS + MINUTE_MS);
    t.match(ledger.stateOf(rule.identity), { window: { startsAtMs: START_MS }, firings: 1 });
    await ledger.retain([off, other], START_MS + 2 * MINUTE_MS);
    t.equal(ledger.stateOf(rule.identity), undefined);
    await ledger.retain([rule, other], START_MS + 3 * MINUTE_MS);
    t.match(ledger.stateOf(rule.identity), { window: { startsAtMs: START_MS + 3 * MINUTE_MS }, firings: 0 });
    t.same(await claims(ledger, rule, "", 3, START_MS + 3 * MINUTE_MS), [1, 2, "spent"]);
  });

  await t.test("a call in flight may still claim a rule that has just gone", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\ntimes: 2");
    const { ledger } = await opened(open, [rule]);
    await ledger.claim(rule, "", START_MS);
    await ledger.retain([], START_MS + 1);
    t.same(await claims(ledger, rule, "", 2, START_MS + 2), [2, "spent"]);
  });

  await t.test("subscribers hear of windows and of tallies, until they leave", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nduration: 1m");
    const { ledger } = await open();
    const heard: LedgerChange[] = [];
    const leave = ledger.subscribe((change) => heard.push(change));
    await ledger.retain([rule], START_MS);
    await ledger.claim(rule, "", START_MS);
    t.ok(heard.includes("windows") && heard.includes("tallies"), heard.join(" "));
    leave();
    const before = heard.length;
    await ledger.extend(rule.identity, 1, START_MS);
    t.equal(heard.length, before);
  });
}

async function continuity(t: Test, open: OpenLedger): Promise<void> {
  await t.test("state survives a restart: windows, tallies, payments, what was stopped", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nduration: 30m\ntimes: 2\nper: paymentRequestId");
    const stopped = ruleOf("name: b\nforward: true");
    const { ledger, restart } = await opened(open, [rule, stopped]);
    await ledger.claim(rule, "R1", START_MS);
    ledger.observeAnswer(call({ body: { paymentRequestId: "R1" } }).request, answer({ paymentId: "P1" }).body);
    await ledger.stop(stopped.identity, START_MS);
    const next = await restart();
    await next.retain([rule, stopped], START_MS + 10 * MINUTE_MS);
    const state = next.stateOf(rule.identity);
    // To the accuracy with which one clock is set by another.
    t.ok(Math.abs((state?.window.startsAtMs ?? 0) - START_MS) < 500, `${state?.window.startsAtMs}`);
    t.equal(state?.firings, 1);
    t.same([...(await claims(next, rule, { alias: "paymentId", id: "P1" }, 1)), ...(await claims(next, rule, "R1", 1))], [2, "spent"]);
    t.same(await next.claim(stopped, "", START_MS), { kind: "refused", reason: "stopped" });
  });

  await t.test("a rule that left the files while the program was down begins anew when it comes back", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nduration: 30m\ntimes: 1");
    const { ledger, restart } = await opened(open, [rule]);
    await ledger.claim(rule, "", START_MS);
    const next = await restart();
    await next.retain([], START_MS + MINUTE_MS);
    await next.retain([rule], START_MS + 2 * MINUTE_MS);
    t.match(next.stateOf(rule.identity), { window: { startsAtMs: START_MS + 2 * MINUTE_MS }, firings: 0 });
    t.same(await claims(next, rule, "", 2, START_MS + 2 * MINUTE_MS), [1, "spent"]);
  });

  await t.test("a rule set of a thousand active rules is taken whole", async (t) => {
    const list = Array.from({ length: 1000 }, (_, index) => `  - {name: r${index}, api: pay, result: RISK_REJECT, times: 1}`);
    const { rules } = rulesOf(`rules:\n${list.join("\n")}\n`);
    const { ledger } = await opened(open, rules);
    t.equal(rules.filter(({ identity }) => ledger.stateOf(identity) !== undefined).length, 1000);
    const last = rules.at(-1);
    if (last !== undefined) t.same(await claims(ledger, last, "", 2), [1, "spent"]);
  });
}

/** Ordinals of granted claims, reasons of refused ones. */
export function outcomes(answers: readonly Claim[]): (number | string)[] {
  return answers.map((claim) => (claim.kind === "granted" ? claim.ordinal : claim.reason));
}

async function claims(
  ledger: Ledger,
  rule: Rule,
  key: Parameters<Ledger["claim"]>[1],
  count: number,
  nowMs = START_MS,
): Promise<(number | string)[]> {
  const answers: Claim[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await ledger.claim(rule, key, nowMs));
  return outcomes(answers);
}

async function opened(open: OpenLedger, rules: readonly Rule[], seed?: string): Promise<LedgerUnderTest> {
  const under = await open(seed);
  await under.ledger.retain(rules, START_MS);
  return under;
}
