import fc from "fast-check";
import t from "tap";
import type { Firing, RuleSet } from "../../../src/rules/rule.ts";
import { explain } from "../../../src/rules/select/explain.ts";
import { matches, select } from "../../../src/rules/select/select.ts";
import { answer, type CallChanges, call, ledgerOf, rulesOf, START_MS } from "../../helpers/rules.ts";

const TWO = rulesOf(`
rules:
  - {name: once, api: pay, result: RISK_REJECT, times: 1}
  - {name: always, api: pay, result: PROCESS_FAIL}
  - {name: off, api: pay, result: PROCESS_FAIL, active: false}
  - {name: elsewhere, api: cancel, abort: reset}
`);

function firedBy(firing: Firing | undefined | Promise<Firing | undefined>): string | undefined {
  return firing instanceof Promise ? "a promise" : firing?.rule.name;
}

t.test("the first rule that matches and fires wins, in file order", async (t) => {
  const ledger = await ledgerOf(TWO);
  t.same(
    [1, 2, 3].map(() => firedBy(select(TWO, call(), ledger))),
    ["once", "always", "always"],
  );
  t.equal(firedBy(select(TWO, call({ operation: "cancel" }), ledger)), "elsewhere");
  t.equal(firedBy(select(TWO, call({ operation: "refund" }), ledger)), undefined);
  t.equal(firedBy(select(TWO, call({ operation: undefined }), ledger)), undefined);
});

t.test("a rule that loses books nothing", async (t) => {
  const rules = rulesOf(
    "rules:\n  - {name: first, api: pay, abort: reset, skip: 1}\n  - {name: second, api: pay, abort: hang, times: 1}\n",
  );
  const ledger = await ledgerOf(rules);
  t.same(
    [1, 2, 3].map(() => firedBy(select(rules, call(), ledger))),
    ["second", "first", "first"],
  );
});

t.test("calls without the field that is counted by are left alone", async (t) => {
  const rules = rulesOf("rules:\n  - {name: a, api: pay, abort: reset, times: 1, per: paymentRequestId}\n");
  const ledger = await ledgerOf(rules);
  t.equal(firedBy(select(rules, call({ body: {} }), ledger)), undefined);
  t.equal(firedBy(select(rules, call({ body: "not json" }), ledger)), undefined);
  t.equal(firedBy(select(rules, call({ body: { paymentRequestId: "R1" } }), ledger)), "a");
  t.equal(firedBy(select(rules, call({ body: { paymentRequestId: "R1" } }), ledger)), undefined);
  t.equal(firedBy(select(rules, call({ body: { paymentRequestId: "R2" } }), ledger)), "a");
});

t.test("a story per payment stays coherent from pay to inquiry by payment id", async (t) => {
  const rules = rulesOf(
    `
rules:
  - name: late-failure
    api: [pay, inquiryPayment]
    per: paymentRequestId
    steps: [{result: PAYMENT_IN_PROCESS, upstream: call}, {result: SUCCESS}, {result: UNKNOWN_EXCEPTION}]
`.replace("result: SUCCESS", "forward: true"),
  );
  const ledger = await ledgerOf(rules);
  const pay = call({ body: { paymentRequestId: "R1" } });
  const first = await select(rules, pay, ledger);
  t.match(first, { ordinal: 1, callUpstream: true });
  ledger.observeAnswer(pay.request, answer({ paymentId: "P1" }).body);
  const inquiry = call({ operation: "inquiryPayment", body: { paymentId: "P1" } });
  t.match(await select(rules, inquiry, ledger), { ordinal: 2, callUpstream: true, effects: [] });
  t.match(await select(rules, inquiry, ledger), { ordinal: 3, callUpstream: false });
});

t.test("a ledger that lives elsewhere is waited for, rule by rule", async (t) => {
  const ledger = await ledgerOf(TWO);
  const remote = { ...ledger, claim: async (...call: Parameters<typeof ledger.claim>) => ledger.claim(...call) };
  t.equal((await select(TWO, call(), remote))?.rule.name, "once");
  t.equal((await select(TWO, call(), remote))?.rule.name, "always");
});

t.test("without candidates nothing is asked and nothing awaited", async (t) => {
  const ledger = await ledgerOf(TWO);
  const silent = { ...ledger, claim: () => t.fail("asked") as never };
  t.equal(select(TWO, { ...call({ operation: "refund" }), body: () => t.fail("parsed") }, silent), undefined);
});

t.test("the effects of a firing: an answer is made before it is changed, whatever the order of the words", async (t) => {
  const rules = rulesOf("rules:\n  - {name: a, api: pay, body: malformed-json, result: RISK_REJECT, delay: 1s}\n");
  const firing = await select(rules, call(), await ledgerOf(rules));
  t.same(
    firing?.effects.map((effect) => effect.kind),
    ["wait", "make", "change"],
  );
  const [made] = (firing?.effects ?? []).flatMap((effect) => (effect.kind === "make" ? [effect.make(undefined)] : []));
  const [changed] = (firing?.effects ?? []).flatMap((effect) => (effect.kind === "change" && made ? [effect.change(made)] : []));
  t.match(changed?.body.toString(), /RISK_REJECT/);
  t.throws(() => JSON.parse(changed?.body.toString() ?? ""));
});

t.test("candidates: active rules only, in file order, none looked for twice", async (t) => {
  const named = (rules: RuleSet, changes: CallChanges = {}): string[] => rules.candidates(call(changes)).map((rule) => rule.name);
  t.same(named(TWO), ["once", "always"]);
  t.equal(TWO.candidates(call()), TWO.candidates(call()));
  t.same(named(TWO, { operation: "refund" }), []);
  const any = rulesOf(
    'rules:\n  - {name: a, api: "*", forward: true}\n  - {name: b, api: pay, forward: true}\n  - {name: c, path: /x, forward: true}\n',
  );
  t.same(named(any), ["a", "b", "c"]);
  t.same(named(any, { operation: undefined }), ["a", "c"]);
});

t.test("candidates: rules for other clients or other values are not even tried", async (t) => {
  const many = rulesOf(
    JSON.stringify({
      rules: [
        { name: "a", api: "pay", forward: true, when: { clientId: ["A", "B"] } },
        { name: "b", api: "pay", forward: true },
        { name: "c", api: "pay", forward: true, when: { body: { x: "1" } } },
        { name: "d", api: "pay", forward: true, when: { clientId: "A", body: { x: 1 } } },
        { name: "e", api: "pay", forward: true, when: { clientId: { pattern: "A*" } } },
        { name: "f", api: "pay", forward: true, when: { not: { clientId: "A" } } },
      ],
    }),
  );
  const named = (changes: CallChanges): string =>
    many
      .candidates(call(changes))
      .map((rule) => rule.name)
      .join("");
  t.equal(named({ clientId: "A", body: { x: 1 } }), "abcdef");
  t.equal(named({ clientId: "A", body: {} }), "abdef");
  t.equal(named({ clientId: "B", body: { x: "1" } }), "abcef");
  t.equal(named({ clientId: "C", body: "no json" }), "bef");
});

t.test("whatever the rules, the candidates hold every rule that matches", async () => {
  const plain = fc.constantFrom("a", "b", 1, "1", true);
  const condition = fc.oneof(
    plain,
    fc.array(plain, { minLength: 1, maxLength: 2 }),
    fc.record({ exists: fc.boolean() }),
    fc.record({ equal: plain, pattern: fc.constantFrom("*", "a") }),
  );
  const when = fc.oneof(
    fc.record({ clientId: condition }),
    fc.record({ body: fc.record({ x: condition }) }),
    fc.record({ body: fc.record({ y: condition, x: condition }), clientId: condition }),
  );
  fc.assert(
    fc.property(
      fc.array(when, { maxLength: 8 }),
      fc.constantFrom("a", "b", "1", undefined),
      fc.constantFrom({}, { x: "a" }, { x: 1, y: true }, { x: true, y: "1" }, 5),
      (blocks, clientId, body) => {
        const rules = rulesOf(
          JSON.stringify({ rules: blocks.map((block, index) => ({ name: `r${index}`, api: "pay", forward: true, when: block })) }),
        );
        const facts = call({ clientId, body });
        const tried = rules.candidates(facts).filter((rule) => matches(rule, facts));
        return (
          JSON.stringify(tried.map((rule) => rule.name)) ===
          JSON.stringify(rules.rules.filter((rule) => matches(rule, facts)).map((rule) => rule.name))
        );
      },
    ),
    { numRuns: 500 },
  );
});

t.test("the version of a set tells its meaning, not its spelling", async (t) => {
  const version = (text: string): string => rulesOf(text).version;
  const base = "rules:\n  - {name: a, api: pay, result: RISK_REJECT}\n";
  t.equal(version(base), version("# words\nrules:\n  - result: RISK_REJECT\n    name: a\n    api: [pay]\n"));
  t.not(version(base), version("rules:\n  - {name: a, api: pay, result: RISK_REJECT, active: false}\n"));
  t.not(version(base), version("rules: []\n"));
});

t.test("explain says for each rule why it does or does not act, and books nothing", async (t) => {
  const rules = rulesOf(`
rules:
  - {name: off, api: pay, abort: reset, active: false}
  - {name: other-api, api: [refund, cancel], abort: reset}
  - {name: other-amount, api: pay, abort: reset, when: {body: {paymentAmount.value: {gte: 1000}}}}
  - {name: not-yet, api: pay, abort: reset, from: 2026-11-23T09:00Z}
  - {name: skipping, api: pay, abort: reset, skip: 3}
  - {name: unlucky, api: pay, abort: reset, probability: 0}
  - {name: keyless, api: pay, abort: reset, times: 1, per: order.referenceOrderId}
  - {name: spent, api: pay, abort: reset, times: 1}
  - {name: ended, api: pay, abort: reset, duration: 1m}
  - {name: stopped, api: pay, abort: reset}
  - {name: acting, api: pay, result: RISK_REJECT, upstream: call}
  - {name: shadowed, api: pay, abort: reset}
`);
  const ledger = await ledgerOf(rules);
  const named = (name: string): RuleSet["rules"][number] => rules.rules.find((rule) => rule.name === name) ?? (t.fail(name) as never);
  ledger.claim(named("spent"), "", START_MS);
  await ledger.stop(named("stopped").identity, START_MS);
  const facts = call({ nowMs: START_MS + 5 * 60_000 });
  const explanations = await explain(rules, facts, ledger);
  t.same(await explain(rules, facts, ledger), explanations);
  t.same(
    explanations.map(({ rule, verdict, because }) => [rule, verdict, because]),
    [
      ["off", "passes", "it is switched off (`active: false`)"],
      ["other-api", "passes", "it is for `cancel`, `refund`, and the call is `pay`"],
      ["other-amount", "passes", "it requires body field `paymentAmount.value` is at least 1000; `paymentAmount.value` is 100"],
      ["not-yet", "passes", "its window opens in 55m"],
      ["skipping", "passes", "it lets the first 3 matching calls pass (`skip`)"],
      ["unlucky", "passes", "it was not selected this time (`probability: 0`)"],
      ["keyless", "passes", "the body lacks `order.referenceOrderId`, which it counts by"],
      ["spent", "passes", "it has reached its number of firings (`times: 1`)"],
      ["ended", "passes", "its window ended 4m ago; re-arm it or change the rule"],
      ["stopped", "passes", "it was stopped manually; re-arm it"],
      ["acting", "acts", "all its conditions hold: it answers `RISK_REJECT` (F) after calling the gateway"],
      ["shadowed", "shadowed", "`acting` comes first and acts"],
    ],
  );
  t.match(explanations[10], { file: "rules.yaml", line: 13 });
});

t.test("explain names the step that comes next", async (t) => {
  const rules = rulesOf("rules:\n  - {name: a, api: pay, steps: [{abort: reset}, {delay: 1s}, {forward: true}], then: forward}\n");
  const ledger = await ledgerOf(rules);
  const told: (string | undefined)[] = [];
  for (let count = 0; count < 4; count += 1) {
    told.push((await explain(rules, call(), ledger))[0]?.because);
    await select(rules, call(), ledger);
  }
  t.same(told, [
    "all its conditions hold: it resets the connection (step 1 of 3)",
    "all its conditions hold: it waits 1s after calling the gateway (step 2 of 3)",
    "all its conditions hold: it forwards the call (step 3 of 3)",
    "it has reached its number of firings (`steps` with `then: forward`)",
  ]);
});

t.test("explain and select always agree", async () => {
  const rule = fc.record({
    probability: fc.constantFrom(0, 0.5, 1),
    skip: fc.nat(2),
    times: fc.integer({ min: 1, max: 3 }),
    amount: fc.nat(200),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(200), { maxLength: 10 }),
      async (authored, amounts) => {
        const rules = rulesOf(
          JSON.stringify({
            rules: authored.map(({ amount, ...keys }, index) => ({
              name: `r${index}`,
              api: "pay",
              abort: "reset",
              when: { body: { "paymentAmount.value": { gte: amount } } },
              ...keys,
            })),
          }),
        );
        const ledger = await ledgerOf(rules);
        for (const value of amounts) {
          const facts = call({ body: { paymentAmount: { value: String(value) } } });
          const told = (await explain(rules, facts, ledger)).find((one) => one.verdict === "acts")?.rule;
          // A rule that passes still counts the call, and its next attempt may differ; the one told first must act now.
          if (firedBy(select(rules, facts, ledger)) !== told) return false;
        }
        return true;
      },
    ),
    { numRuns: 100 },
  );
});
