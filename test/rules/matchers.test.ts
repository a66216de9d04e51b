import fc from "fast-check";
import t from "tap";
import { matches } from "../../src/rules/select/select.ts";
import { type CallChanges, call, complaintsOf, ruleOf } from "../helpers/rules.ts";

const PAY = {
  paymentRequestId: "R1",
  paymentAmount: { currency: "USD", value: "10000" },
  order: { goods: [{ goodsName: "tea" }] },
  flag: true,
  count: 3,
  nothing: null,
};

function holds(when: string, changes: CallChanges = {}): boolean {
  return matches(ruleOf(`forward: true\nwhen: ${when}`), call({ body: PAY, ...changes }));
}

t.test("body fields are matched by their dotted path", async (t) => {
  for (const [when, expected] of [
    ["{body: {paymentAmount.currency: USD}}", true],
    ["{body: {paymentAmount.currency: EUR}}", false],
    ["{body: {paymentAmount.currency: [EUR, USD]}}", true],
    ["{body: {paymentAmount.currency: {in: [EUR, CNY]}}}", false],
    ["{body: {paymentAmount.value: 10000}}", true],
    ['{body: {paymentAmount.value: "10000"}}', true],
    ["{body: {count: 3}}", true],
    ['{body: {count: "3"}}', true],
    ["{body: {flag: true}}", true],
    ["{body: {order.goods.0.goodsName: tea}}", true],
    ["{body: {order.goods.1.goodsName: tea}}", false],
    ["{body: {order.goods.goodsName: tea}}", false],
    ["{body: {paymentRequestId: {pattern: R*}}}", true],
    ["{body: {paymentRequestId: {pattern: R}}}", false],
    ["{body: {paymentRequestId: {pattern: R?}}}", true],
    ["{body: {paymentMethod: {exists: true}}}", false],
    ["{body: {paymentMethod: {exists: false}}}", true],
    ["{body: {nothing: {exists: true}}}", true],
    ["{body: {nothing: x}}", false],
    ["{body: {paymentAmount: {equal: x}}}", false],
    ["{body: {paymentAmount.value: {gt: 9999}}}", true],
    ["{body: {paymentAmount.value: {gt: 10000}}}", false],
    ["{body: {paymentAmount.value: {gte: 10000, lt: 10001}}}", true],
    ['{body: {paymentAmount.value: {gte: "9000", lte: "9999"}}}', false],
    ["{body: {paymentAmount.currency: {gt: 0}}}", false],
    ["{body: {missing: {lt: 5}}}", false],
    ["{body: {paymentAmount.currency: USD, count: 4}}", false],
    ["{body: {constructor: {exists: true}}}", false],
    ["{body: {paymentRequestId.length: {exists: true}}}", false],
  ] as const) {
    t.equal(holds(when), expected, when);
  }
});

t.test("a body that is not JSON has no fields", async (t) => {
  t.equal(holds("{body: {a: {exists: true}}}", { body: "not json" }), false);
  t.equal(holds("{body: {a: {exists: false}}}", { body: "not json" }), true);
});

t.test("amounts are compared as numbers, not as text", async (t) => {
  t.equal(holds("{body: {paymentAmount.value: {gt: 9}}}"), true);
  t.equal(holds("{body: {paymentAmount.value: {lt: 9}}}"), false);
  t.equal(holds("{body: {paymentAmount.value: {gt: 9}}}", { body: { paymentAmount: { value: "1e9" } } }), false);
});

t.test("header names are matched without case, and one of repeated lines must do", async (t) => {
  const request = { headers: ["X-Test", "a", "x-test", "b"] };
  t.equal(holds("{header: {X-TEST: b}}", { request }), true);
  t.equal(holds("{header: {x-test: c}}", { request }), false);
  t.equal(holds("{header: {x-other: {exists: false}}}", { request }), true);
  t.equal(holds("{header: {x-test: {exists: true}, x-other: {exists: true}}}", { request }), false);
});

t.test("client id, way, api and path", async (t) => {
  t.equal(holds("{clientId: SANDBOX_A}", { clientId: "SANDBOX_A" }), true);
  t.equal(holds("{clientId: {pattern: SANDBOX_*}}", { clientId: "SANDBOX_A" }), true);
  t.equal(holds("{clientId: [SANDBOX_A, SANDBOX_B]}", { clientId: undefined }), false);
  t.equal(holds("{way: [connect, https]}", { arrival: { way: "connect" } }), true);
  t.equal(holds("{way: http2}"), false);
  t.equal(holds("{api: [pay, refund]}"), true);
  t.equal(holds("{api: refund}"), false);
  t.equal(holds("{path: /ams/sandbox/**}"), true);
  t.equal(holds("{path: /ams/*/pay}"), false);
  t.equal(holds("{path: /ams/*/api/v1/payments/pay}", { request: { path: "/ams/sandbox/api/v1/payments/pay?x=1" } }), true);
});

t.test("not and any compose", async (t) => {
  t.equal(holds("{not: {clientId: SANDBOX_A}}", { clientId: "SANDBOX_B" }), true);
  t.equal(holds("{not: {clientId: SANDBOX_A, way: http}}", { clientId: "SANDBOX_A" }), false);
  t.equal(holds("{any: [{clientId: SANDBOX_A}, {body: {count: {gt: 2}}}]}"), true);
  t.equal(holds("{any: [{clientId: SANDBOX_A}, {not: {body: {count: {gt: 2}}}}]}"), false);
});

t.test("a path rule takes calls that the catalogue does not know", async (t) => {
  const rule = ruleOf("path: /ams/**/new/*\nforward: true");
  t.equal(rule.operations, undefined);
  t.equal(matches(rule, call({ operation: undefined, request: { path: "/ams/sandbox/api/v1/new/thing" } })), true);
  t.equal(matches(rule, call({ operation: undefined, request: { path: "/ams/sandbox/api/v1/new/thing/more" } })), false);
});

t.test("an explanation shows numbers that were compared, never other body values", async (t) => {
  const found = (when: string): string | undefined => {
    const [matcher] = ruleOf(`forward: true\nwhen: ${when}`).matchers;
    return matcher?.found?.(call({ body: { card: "4111111111111111", amount: "50" } }));
  };
  t.equal(found("{body: {amount: {gte: 100}}}"), "`amount` is 50");
  t.equal(found("{body: {card: '1'}}"), "`card` has another value");
  t.equal(found("{body: {card: {gt: 9}}}"), "`card` has another value");
  t.equal(found("{body: {card: {lt: 5}}}"), "`card` has another value");
  t.equal(found("{body: {other: x}}"), "`other` is absent");
  t.equal(found("{clientId: SANDBOX_A}"), "it is `SANDBOX_5X00000000000000`");
});

for (const [what, when, complaint] of [
  ["a regular expression", "{body: {a: {pattern: '^ab.*$'}}}", /looks like a regular expression/],
  [
    "an unknown comparison",
    "{body: {a: {greater: 1}}}",
    "unknown key `greater`; use one of `equal`, `in`, `pattern`, `exists`, `gt`, `gte`, `lt`, `lte`",
  ],
  ["an empty comparison", "{body: {a: {}}}", /the condition is empty/],
  ["a number that is none", "{body: {a: {gt: many}}}", /this is not a number; write for example `10000`/],
  ["no field", "{body: {}}", /no field is named/],
  ["a header with a colon", "{header: {'x-a:': 1}}", /a header name has letters/],
  ["an unknown way", "{way: htps}", /did you mean `https?`\?/],
  ["an unknown API", "{api: pays}", "`pays` is not an API of Antom; did you mean `pay`?"],
  ["an empty any", "{any: []}", "`any` is empty; fill it, or remove it"],
  ["a mistake deep inside", "{any: [{not: {clientID: x}}]}", "unknown key `clientID`; did you mean `clientId`?"],
] as const) {
  t.test(`refused under when: ${what}`, async (t) => {
    const complaints = complaintsOf(`name: a\napi: pay\nforward: true\nwhen: ${when}`);
    t.equal(complaints.length, 1, complaints.join(" | "));
    t.match(complaints[0], complaint);
  });
}

t.test("no body makes a matcher throw", async () => {
  const rule = ruleOf(
    'forward: true\nwhen: {any: [{body: {a.b: {gt: 1}, "0": x}}, {not: {body: {a: {pattern: "*x*?*"}}}}], header: {x: {in: [a]}}}',
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.string()), fc.array(fc.string()), (body, headers) => {
      matches(rule, call({ body, request: { headers } }));
      return true;
    }),
  );
});
