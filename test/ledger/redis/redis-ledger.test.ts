import t from "tap";
import { correlation } from "../../../src/antom/correlation.ts";
import type { Clock } from "../../../src/base/clock.ts";
import { systemClock } from "../../../src/base/machine-clock.ts";
import { openRedisLedger, type RedisLedger, type RedisLedgerOptions } from "../../../src/ledger/redis/redis-ledger.ts";
import { ledgerSuite, outcomes } from "../../helpers/ledger-suite.ts";
import { needs } from "../../helpers/programs.ts";
import { type RedisServer, startRedis } from "../../helpers/redis-server.ts";
import { answer, call, ruleOf, START_MS } from "../../helpers/rules.ts";

const MINUTE_MS = 60_000;

/** The machine's clock with a steady reading as if the process had started at START_MS, `aheadMs` wrong. */
function clockFrom(aheadMs = 0): Clock {
  const startedAtMs = systemClock.steady();
  return { ...systemClock, steady: () => START_MS + aheadMs + systemClock.steady() - startedAtMs };
}

let prefixes = 0;
function freshPrefix(): string {
  prefixes += 1;
  return `test-${prefixes}`;
}

t.test("the ledger in Redis", needs("redis-server"), async (t) => {
  const redis: RedisServer = await startRedis();
  const open: RedisLedger[] = [];
  t.teardown(async () => {
    for (const ledger of open) await ledger.close();
    await redis.remove();
  });
  const openLedger = async (options: Partial<RedisLedgerOptions> = {}): Promise<RedisLedger> => {
    const url = `redis://127.0.0.1:${redis.port}`;
    const ledger = await openRedisLedger({
      correlation,
      url,
      prefix: freshPrefix(),
      seed: "seed",
      clock: clockFrom(),
      beatMs: 100,
      deadlineMs: 10_000,
      ...options,
    });
    open.push(ledger);
    return ledger;
  };
  /** Resolves when `holds` does; rejects after five seconds. */
  const until = async (holds: () => boolean): Promise<void> => {
    for (const endMs = Date.now() + 5000; !holds(); ) {
      if (Date.now() > endMs) throw new Error("it did not come to pass");
      await systemClock.sleep(10);
    }
  };

  await ledgerSuite(
    t,
    async (seed = "seed") => {
      const prefix = freshPrefix();
      const ledger = await openLedger({ prefix, seed });
      const restart = async (): Promise<RedisLedger> => {
        await ledger.close();
        return await openLedger({ prefix, seed });
      };
      return { ledger, restart, wallMs: Date.now() };
    },
    1000,
  );

  await t.test("two replicas share one window, one tally and one sequence", async (t) => {
    const rule = ruleOf("steps: [{abort: reset, times: 2}, {abort: hang}]\nthen: forward\nduration: 30m\nper: paymentRequestId");
    const prefix = freshPrefix();
    const [left, right] = [await openLedger({ prefix }), await openLedger({ prefix })];
    await left.retain([rule], START_MS);
    await right.retain([rule], START_MS + 5 * MINUTE_MS);
    t.equal(right.stateOf(rule.identity)?.window.startsAtMs !== undefined, true);
    const apartMs = Math.abs((right.stateOf(rule.identity)?.window.startsAtMs ?? 0) - START_MS);
    t.ok(apartMs < 200, `the second replica takes the first one's window, ${apartMs} ms apart`);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? left : right).claim(rule, "R1", START_MS + MINUTE_MS)),
    );
    t.same(outcomes(answers.filter(({ kind }) => kind === "granted")).toSorted(), [1, 2, 3]);
    left.observeAnswer(call({ body: { paymentRequestId: "R1" } }).request, answer({ paymentId: "P1" }).body);
    t.same(
      await right.claim(rule, { alias: "paymentId", id: "P1" }, START_MS + MINUTE_MS),
      { kind: "refused", reason: "spent" },
      "told by the other",
    );
  });

  await t.test("what one replica moves, the other refuses at once and shows within a beat", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nduration: 30m");
    const prefix = freshPrefix();
    const [left, right] = [await openLedger({ prefix }), await openLedger({ prefix })];
    await left.retain([rule], START_MS);
    await right.retain([rule], START_MS);
    t.equal(await left.stop(rule.identity, START_MS + 1000), true);
    t.same(await right.claim(rule, "", START_MS + 1000), { kind: "refused", reason: "stopped" });
    await until(() => right.stateOf(rule.identity)?.window.stoppedAtMs !== undefined);
    await right.rearm(rule, START_MS + 2000);
    await until(() => left.stateOf(rule.identity)?.window.stoppedAtMs === undefined);
    await left.claim(rule, "", START_MS + 3000);
    await until(() => right.stateOf(rule.identity)?.firings === 1);
  });

  await t.test("a window ends at the same moment for replicas whose clocks disagree", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nduration: 30m");
    const prefix = freshPrefix();
    const [right, wrong] = [await openLedger({ prefix }), await openLedger({ prefix, clock: clockFrom(3 * MINUTE_MS) })];
    await right.retain([rule], START_MS);
    await wrong.retain([rule], START_MS + 3 * MINUTE_MS);
    const endsAtMs = START_MS + 30 * MINUTE_MS;
    t.match(await wrong.claim(rule, "", endsAtMs + 3 * MINUTE_MS - 1000), { kind: "granted" });
    t.same(await wrong.claim(rule, "", endsAtMs + 3 * MINUTE_MS + 1000), { kind: "refused", reason: "ended" });
    t.same(await right.claim(rule, "", endsAtMs + 1000), { kind: "refused", reason: "ended" });
    const shownMs = (wrong.stateOf(rule.identity)?.window.endsAtMs ?? 0) - 3 * MINUTE_MS;
    t.ok(Math.abs(shownMs - endsAtMs) < 1000, "each shows the end by its own clock");
  });

  await t.test("`from` and `until` are moments of Redis's clock: a replica whose own is set while it runs moves nothing", async (t) => {
    let setMs = 0;
    const clock: Clock = { ...clockFrom(), wall: () => Date.now() + setMs };
    const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
    const over = ruleOf(`result: RISK_REJECT\nuntil: ${at(-1000)}`);
    const open = ruleOf(`name: b\nresult: RISK_REJECT\nfrom: ${at(-MINUTE_MS)}\nuntil: ${at(30 * MINUTE_MS)}`);
    const length = ruleOf("name: c\nresult: RISK_REJECT\nduration: 30m");
    const ledger = await openLedger({ clock });
    await ledger.retain([over, open, length], START_MS);
    for (setMs of [0, 60 * MINUTE_MS, -60 * MINUTE_MS]) {
      const kinds = [over, open, length].map(async (rule) => (await ledger.claim(rule, "", START_MS + MINUTE_MS)).kind);
      t.same(await Promise.all(kinds), ["refused", "granted", "granted"], `${setMs}`);
    }
    t.same(await ledger.claim(length, "", START_MS + 30 * MINUTE_MS + 1000), { kind: "refused", reason: "ended" });
  });

  await t.test("a rule stays while one replica still has it, and begins anew when all had let go", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\ntimes: 1");
    const prefix = freshPrefix();
    const [left, right] = [await openLedger({ prefix }), await openLedger({ prefix })];
    await left.retain([rule], START_MS);
    await right.retain([rule], START_MS);
    await left.claim(rule, "", START_MS);
    await left.retain([], START_MS + 1);
    t.same(await right.claim(rule, "", START_MS + 2), { kind: "refused", reason: "spent" });
    await left.retain([rule], START_MS + 3);
    t.same(await left.claim(rule, "", START_MS + 4), { kind: "refused", reason: "spent" });
    await left.retain([], START_MS + 5);
    await right.retain([], START_MS + 6);
    await left.retain([rule], START_MS + 7);
    t.match(await left.claim(rule, "", START_MS + 8), { kind: "granted", ordinal: 1 });
  });

  await t.test("a replica that was killed holds no rule once its lease is over", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\ntimes: 1");
    const prefix = freshPrefix();
    const dead = await openLedger({ prefix, leaseMs: 150, beatMs: 60_000 });
    await dead.retain([rule], START_MS);
    const living = await openLedger({ prefix });
    await living.retain([rule], START_MS);
    await living.claim(rule, "", START_MS);
    await systemClock.sleep(200);
    await living.retain([], START_MS + 1);
    await living.retain([rule], START_MS + 2);
    t.match(await living.claim(rule, "", START_MS + 3), { kind: "granted", ordinal: 1 });
  });

  await t.test("a Redis that was emptied is told again of windows it has lost", async (t) => {
    const rule = ruleOf("result: RISK_REJECT\nduration: 30m");
    const ledger = await openLedger();
    await ledger.retain([rule], START_MS);
    const before = ledger.stateOf(rule.identity)?.window;
    const { createClient } = await import("@redis/client");
    const client = await createClient({ url: `redis://127.0.0.1:${redis.port}` }).connect();
    await client.flushAll();
    await client.close();
    const untilMs = Date.now() + 5000;
    while ((await ledger.claim(rule, "", START_MS + MINUTE_MS)).kind === "refused" && Date.now() < untilMs) await systemClock.sleep(20);
    t.match(await ledger.claim(rule, "", START_MS + MINUTE_MS), { kind: "granted" });
    t.same(ledger.stateOf(rule.identity)?.window, before, "not a new window: the one that was known");
    t.same(await ledger.claim(rule, "", START_MS + 31 * MINUTE_MS), { kind: "refused", reason: "ended" });
  });

  await t.test("every key expires, and has the hash tag", async (t) => {
    const prefix = freshPrefix();
    const ledger = await openLedger({ prefix });
    const rule = ruleOf("result: RISK_REJECT\ntimes: 1\nper: paymentRequestId");
    await ledger.retain([rule], START_MS);
    await ledger.claim(rule, "R1", START_MS);
    ledger.observeAnswer(call({ body: { paymentRequestId: "R1" } }).request, answer({ paymentId: "P1" }).body);
    await ledger.peek(rule, { alias: "paymentId", id: "P1" }, START_MS);
    const { createClient } = await import("@redis/client");
    const client = await createClient({ url: `redis://127.0.0.1:${redis.port}` }).connect();
    const names = await client.keys(`{${prefix}}:*`);
    t.ok(names.length >= 7, names.join(" "));
    for (const name of names.filter((name) => !/:(leases|changes|rules)$/.test(name))) t.ok((await client.pTTL(name)) > 0, name);
    await client.close();
  });
});

t.test("while Redis is away", needs("redis-server"), async (t) => {
  for (const [way, leave, comeBack] of [
    ["killed", (redis: RedisServer) => redis.stop(), (redis: RedisServer) => redis.start()],
    ["frozen", async (redis: RedisServer) => redis.freeze(), async (redis: RedisServer) => redis.thaw()],
  ] as const) {
    await t.test(`${way}: rules that count do not act, others act from their last known window, and all heals by itself`, async (t) => {
      const redis = await startRedis({ keeps: true });
      const clock = clockFrom();
      const ledger = await openRedisLedger({
        correlation,
        url: `redis://127.0.0.1:${redis.port}`,
        prefix: "away",
        seed: "s",
        clock,
        beatMs: 100,
      });
      t.teardown(async () => {
        await ledger.close();
        await redis.remove();
      });
      const plain = ruleOf("name: plain\nresult: RISK_REJECT\nduration: 30m");
      const dice = ruleOf("name: dice\nresult: RISK_REJECT\nprobability: 0.5");
      const counting = ["times: 3", "skip: 1", "times: 9\nper: paymentRequestId", "steps: [{abort: reset}, {abort: hang}]"].map(
        (keys, index) => ruleOf(`name: c${index}\n${keys.startsWith("steps") ? "" : "result: RISK_REJECT\n"}${keys}`),
      );
      const [times] = counting;
      if (times === undefined) return;
      await ledger.retain([plain, dice, ...counting], START_MS);
      t.match(await ledger.claim(times, "", START_MS), { kind: "granted", ordinal: 1 });
      const turns: string[] = [];
      ledger.onHealth((health) => turns.push(health.kind));
      await leave(redis);
      const startedAtMs = Date.now();
      t.match(await ledger.claim(plain, "", START_MS + 1000), { kind: "granted" });
      t.ok(Date.now() - startedAtMs < 3000, "no call waits for long");
      t.match(ledger.health(), { kind: "away", detail: /./ });
      for (const rule of counting) t.same(await ledger.claim(rule, "R1", START_MS + 1000), { kind: "refused", reason: "away" }, rule.name);
      t.same(await ledger.claim(plain, "", START_MS + 31 * MINUTE_MS), { kind: "refused", reason: "ended" }, "the end of a window holds");
      const rolls = await Promise.all(Array.from({ length: 100 }, async () => (await ledger.claim(dice, "", START_MS)).kind));
      const hits = rolls.filter((kind) => kind === "granted").length;
      t.ok(hits > 20 && hits < 80, `${hits} of 100`);
      t.equal(await ledger.stop(plain.identity, START_MS), false);
      const late = ruleOf("name: late\nresult: RISK_REJECT");
      await ledger.retain([plain, dice, ...counting, late], START_MS + 2000);
      t.same(await ledger.claim(late, "", START_MS + 2000), { kind: "refused", reason: "away" }, "nobody knows its window");
      await comeBack(redis);
      for (const endMs = Date.now() + 8000; ledger.health().kind === "away" && Date.now() < endMs; ) await systemClock.sleep(20);
      t.equal(ledger.health().kind, "up");
      t.same(turns, ["away", "up"]);
      t.same(outcomes([await ledger.claim(times, "", START_MS + 3000), await ledger.claim(times, "", START_MS + 3000)]), [2, 3]);
      t.same(outcomes([await ledger.claim(times, "", START_MS + 3000)]), ["spent"]);
      t.match(await ledger.claim(late, "", START_MS + 3000), { kind: "granted" }, "what was edited meanwhile counts");
    });
  }

  await t.test("a start without Redis is not held up, and is made up for when Redis comes", async (t) => {
    const redis = await startRedis();
    await redis.stop();
    t.teardown(() => redis.remove());
    const startedAtMs = Date.now();
    const ledger = await openRedisLedger({
      correlation,
      url: `redis://127.0.0.1:${redis.port}`,
      prefix: "p",
      seed: "s",
      clock: clockFrom(),
      firstMs: 300,
      beatMs: 100,
    });
    t.teardown(() => ledger.close());
    t.ok(Date.now() - startedAtMs < 1500);
    t.match(ledger.health(), { kind: "away", detail: /ECONNREFUSED|closed|not connected/ });
    const rule = ruleOf("result: RISK_REJECT\nduration: 30m");
    await ledger.retain([rule], START_MS);
    t.same(await ledger.claim(rule, "", START_MS), { kind: "refused", reason: "away" });
    t.equal(ledger.stateOf(rule.identity), undefined);
    await redis.start();
    for (const endMs = Date.now() + 8000; ledger.health().kind === "away" && Date.now() < endMs; ) await systemClock.sleep(20);
    t.match(await ledger.claim(rule, "", START_MS + 1000), { kind: "granted" });
    t.equal(ledger.stateOf(rule.identity)?.window.startsAtMs, START_MS, "the window began when the rule was loaded");
  });

  await t.test("a Redis that wants a password, or may not be written to, counts as away and says why", async (t) => {
    const locked = await startRedis({ flags: ["--requirepass", "geheim"] });
    t.teardown(() => locked.remove());
    const options = { correlation, prefix: "p", seed: "s", clock: clockFrom(), firstMs: 1000, beatMs: 100 };
    const refused = await openRedisLedger({ ...options, url: `redis://127.0.0.1:${locked.port}` });
    t.teardown(() => refused.close());
    t.match(refused.health(), { kind: "away", detail: /NOAUTH/ });
    const wrong = await openRedisLedger({ ...options, url: `redis://:falsch@127.0.0.1:${locked.port}` });
    t.teardown(() => wrong.close());
    t.match(wrong.health(), { kind: "away", detail: /WRONGPASS/ });
    t.notMatch(JSON.stringify(wrong.health()), "falsch");
    const right = await openRedisLedger({ ...options, url: `redis://:geheim@127.0.0.1:${locked.port}` });
    t.teardown(() => right.close());
    t.equal(right.health().kind, "up");
  });
});
