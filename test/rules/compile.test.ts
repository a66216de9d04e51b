import t from "tap";
import { vocabulary } from "../../src/app/vocabulary.ts";
import { compileRule } from "../../src/rules/language/compile/compile-rule.ts";
import { slug } from "../../src/rules/language/compile/slug.ts";
import { complaintsOf, ruleOf, rulesOf } from "../helpers/rules.ts";

t.test("defaults: active, no end, every call, the gateway not called", async (t) => {
  const rule = ruleOf("result: RISK_REJECT");
  t.same(rule.activation, {
    active: true,
    durationMs: undefined,
    fromMs: undefined,
    untilMs: undefined,
    skip: 0,
    times: undefined,
    probability: 1,
    per: undefined,
  });
  t.match(rule, { callUpstream: false, afterwards: "last", description: undefined });
});

t.test("activation is read into milliseconds and numbers", async (t) => {
  const { activation } = ruleOf(
    "result: RISK_REJECT\nactive: false\nduration: 1h30m\nfrom: 2026-11-23T09:00+08:00\nuntil: 2026-11-23T09:00:00.500Z\nskip: 2\ntimes: 3\nprobability: 0.25\nper: order.referenceOrderId",
  );
  t.same(activation, {
    active: false,
    durationMs: 5_400_000,
    fromMs: Date.UTC(2026, 10, 23, 1),
    untilMs: Date.UTC(2026, 10, 23, 9, 0, 0, 500),
    skip: 2,
    times: 3,
    probability: 0.25,
    per: "order.referenceOrderId",
  });
});

const RULE = "name: a\napi: pay\nresult: RISK_REJECT";

for (const [what, keys, complaint] of [
  [
    "no calls named",
    "name: a\nresult: RISK_REJECT",
    'the rule does not name its calls; add `api: pay`, a list of APIs, or `api: "*"` for all',
  ],
  ["api and path together", `${RULE}\npath: /ams/**`, "`api` and `path` cannot be combined; keep one of them"],
  ["a path without its slash", "name: a\npath: ams\nresult: RISK_REJECT", "a path begins with `/`; write for example `/ams/**/payments/*`"],
  [
    "an API that is unknown, in a list",
    "name: a\napi: [pay, refnud]\nresult: RISK_REJECT",
    "`refnud` is not an API of Antom; did you mean `refund`?",
  ],
  [
    "a star beside others",
    'name: a\napi: ["*", pay]\nforward: true',
    '`"*"` cannot be combined with other APIs; it matches all of them: use it alone',
  ],
  ["an empty list of APIs", "name: a\napi: []\nresult: RISK_REJECT", "`api` is empty; fill it, or remove it"],
  ["a bare number as duration", `${RULE}\nduration: 30`, "`30` has no unit; write `30s` for seconds or `30m` for minutes"],
  ["a duration too short", `${RULE}\nduration: 500ms`, "`500ms` is out of bounds; use 1s to 24h"],
  ["a duration too long", `${RULE}\nduration: 25h`, "`25h` is out of bounds; use 1s to 24h"],
  [
    "a duration out of order",
    `${RULE}\nduration: 30m1h`,
    "`30m1h` is not a valid duration; write for example `30m`, `90s`, `1h30m` or `500ms`",
  ],
  [
    "a time without its offset",
    `${RULE}\nfrom: 2026-11-23T09:00:00`,
    "this is not a time with an offset; write it as `2026-11-23T09:00:00Z` or `2026-11-23T09:00+08:00`",
  ],
  ["a day that is not", `${RULE}\nfrom: 2026-13-23T09:00:00Z`, "this date does not exist; check day and month"],
  [
    "until before from",
    `${RULE}\nfrom: 2026-11-23T09:00Z\nuntil: 2026-11-23T08:00Z`,
    "`until` is not after `from`; set a later time, or the rule never acts",
  ],
  ["times of zero", `${RULE}\ntimes: 0`, "`times` takes a number of at least 1, not the number `0`"],
  ["half a time", `${RULE}\ntimes: 1.5`, "`times` takes a whole number, not the number `1.5`"],
  ["per cent", `${RULE}\nprobability: 25`, "`probability` takes a number of at most 1, not the number `25`"],
  [
    "per with nothing to count",
    `${RULE}\nper: paymentRequestId`,
    "`per` has nothing to count; add `times`, `skip`, `probability` or `steps`, or remove it",
  ],
  ["then without steps", `${RULE}\nthen: repeat`, "`then` stands without `steps`; add `steps`, or remove it"],
  ["a synonym", `${RULE}\nenabled: true`, "unknown key `enabled`; did you mean `active`?"],
  [
    "a condition outside when",
    `${RULE}\nclientId: SANDBOX_A`,
    "unknown key `clientId`; conditions belong under `when`: `when: {clientId: …}`",
  ],
  ["an empty when", `${RULE}\nwhen: {}`, /the condition is empty; remove it, or add `api`, `path`, `clientId`/],
  [
    "a body field outside body",
    `${RULE}\nwhen: {paymentAmount.value: 1}`,
    /unknown key `paymentAmount.value`; body fields belong under `body`/,
  ],
  ["a name with spaces", "name: Risk reject!\napi: pay\nresult: RISK_REJECT", /write for example `risk-reject`$/],
  ["two that make the answer", `${RULE}\nhttp: 503`, "`result` and `http` both create the answer; keep one, or make them `steps`"],
  [
    "two that decide the sending",
    "name: a\napi: pay\nthrottle: 1kB/s\nabort: truncate",
    "`throttle` and `abort` both decide how the answer is sent; keep one, or make them `steps`",
  ],
  [
    "forward with an answer",
    `${RULE}\nforward: true`,
    "`forward: true` and `result` contradict each other; `upstream: call` calls the gateway and then replaces its answer",
  ],
  [
    "forward without calling",
    "name: a\napi: pay\nforward: true\nupstream: skip",
    "`forward: true` and `upstream: skip` contradict each other; keep one of them",
  ],
  [
    "nothing to change",
    "name: a\napi: pay\ndelay: 1s\nupstream: skip",
    "`upstream: skip` leaves `delay` no answer to change; write `upstream: call`, or add `result`",
  ],
  ["a result beside steps", `${RULE}\nsteps: [{delay: 1s}]`, "`result` and `steps` cannot be combined; move it into the steps"],
  ["a step that does nothing", "name: a\napi: pay\nsteps: [{times: 2}]", /^the rule has no effect/],
  [
    "a rule's key in a step",
    "name: a\napi: pay\nsteps: [{delay: 1s, active: true}]",
    "unknown key `active`; it belongs to the rule, not to a step",
  ],
  ["a step that is no mapping", "name: a\napi: pay\nsteps: [RISK_REJECT]", "`steps.0` takes a mapping, not the text `RISK_REJECT`"],
  [
    "a result that the API does not return",
    "name: a\napi: pay\nresult: REFUND_IN_PROCESS",
    /^`REFUND_IN_PROCESS` is not a result code of `pay`/,
  ],
] as const) {
  t.test(`refused: ${what}`, async (t) => {
    const complaints = complaintsOf(keys);
    t.equal(complaints.length, 1, complaints.join(" | "));
    t.match(complaints[0], complaint);
  });
}

t.test("a rule names itself where only one name offers itself", async (t) => {
  const text = (keys: string): string => `rules:\n  - ${keys}\n`;
  t.equal(rulesOf(text("{api: pay, result: RISK_REJECT}")).rules[0]?.name, "pay-risk-reject");
  t.equal(rulesOf(text("{api: inquiryPayment, http: 503}")).rules[0]?.name, "inquiry-payment-http-503");
  t.equal(rulesOf(text("{api: pay, result: {code: RISK_REJECT, message: no}}")).rules[0]?.name, "pay-risk-reject");
  const unnamed = [
    "{api: [pay, refund], forward: true}",
    '{api: "*", delay: 1s}',
    "{api: pay, delay: {min: 1s, max: 2s}}",
    "{api: pay, result: RISK_REJECT, delay: 1s}",
  ];
  for (const keys of unnamed) t.throws(() => rulesOf(text(keys)), /the rule has no name, and none can be derived; add `name: …`/);
});

t.test("a name can be made of any text", async (t) => {
  t.equal(slug("Risk reject!"), "risk-reject");
  t.equal(slug("inquiryPayment HTTP-503"), "inquiry-payment-http-503");
  t.equal(slug("支付"), "");
});

t.test("whether the gateway is called follows from the faults, unless it is written", async (t) => {
  for (const [keys, called] of [
    ["result: RISK_REJECT", false],
    ["result: RISK_REJECT\nupstream: call", true],
    ["delay: 1s", true],
    ["delay: 1s\nresult: RISK_REJECT", false],
    ["abort: reset", false],
    ["abort: reset\ndelay: 1s", false],
    ["abort: reset\nupstream: call", true],
    ["abort: truncate", true],
    ["http: 503", false],
    ["body: html", false],
    ["body: malformed-json", true],
    ["body: malformed-json\nresult: RISK_REJECT", false],
    ["throttle: 1kB/s", true],
    ["forward: true", true],
    ["upstream: call", true],
  ] as const) {
    t.equal(ruleOf(keys).callUpstream, called, keys);
  }
});

t.test("steps carry their own faults and lengths", async (t) => {
  const rule = ruleOf("steps: [{result: PAYMENT_IN_PROCESS, times: 2}, {delay: 3s, forward: true}, {result: PROCESS_FAIL}]\nthen: repeat");
  t.match(rule.steps, [
    { times: 2, callUpstream: false },
    { times: 1, callUpstream: true },
    { times: 1, callUpstream: false },
  ]);
  t.same(
    rule.steps.map((step) => step.faults.map((fault) => fault.kind)),
    [["result"], ["delay"], ["result"]],
  );
  t.equal(rule.afterwards, "repeat");
});

t.test("faults act in one order, however they are written", async (t) => {
  const order = (keys: string): string[] => ruleOf(keys).faults.map((fault) => fault.kind);
  t.same(
    order("throttle: 1kB/s\nbody: malformed-json\nresult: RISK_REJECT\ndelay: 1s"),
    order("delay: 1s\nresult: RISK_REJECT\nbody: malformed-json\nthrottle: 1kB/s"),
  );
});

t.test("a rule keeps its identity through other spellings, not through another meaning", async (t) => {
  const { identity } = ruleOf("duration: 60m\nresult: RISK_REJECT\nwhen: {clientId: A, body: {a: 1, b: 2}}");
  for (const same of [
    "when:\n  body: {b: 2, a: 1}\n  clientId: A\nresult: RISK_REJECT   # a comment\nduration: 1h",
    "duration: 1h\nresult: RISK_REJECT\nwhen: {clientId: A, body: {a: 1, b: 2}}\ndescription: words\nactive: false\nskip: 0\nprobability: 1",
    "api: [pay]\nduration: 60m\nresult: RISK_REJECT\nwhen: {clientId: A, body: {a: 1, b: 2}}",
  ]) {
    t.equal(ruleOf(same).identity, identity, same);
  }
  for (const other of [
    "name: b\nduration: 60m\nresult: RISK_REJECT\nwhen: {clientId: A, body: {a: 1, b: 2}}",
    "duration: 61m\nresult: RISK_REJECT\nwhen: {clientId: A, body: {a: 1, b: 2}}",
    "duration: 60m\nresult: PROCESS_FAIL\nwhen: {clientId: A, body: {a: 1, b: 2}}",
    "duration: 60m\nresult: RISK_REJECT\nwhen: {clientId: A, body: {a: 1, b: 3}}",
    "duration: 60m\nresult: RISK_REJECT\nwhen: {clientId: A, body: {a: 1, b: 2}}\ntimes: 1",
    "duration: 60m\nresult: RISK_REJECT\nwhen: {clientId: A, body: {a: 1, b: 2}}\nupstream: call",
    "api: [pay, refund]\nduration: 60m\nforward: true",
  ]) {
    t.not(ruleOf(other).identity, identity, other);
  }
});

t.test("a rule can be compiled from plain data", async (t) => {
  t.match(compileRule({ name: "a", api: "pay", result: "RISK_REJECT" }, vocabulary), { kind: "ok", value: { name: "a" } });
  t.match(compileRule(undefined, vocabulary), { kind: "bad", mistakes: [{ message: "a rule is a mapping, not nothing" }] });
});
