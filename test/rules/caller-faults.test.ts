import t from "tap";
import { vocabulary } from "../../src/app/vocabulary.ts";
import { createFacts } from "../../src/proxy/facts.ts";
import { createCallerFaults } from "../../src/rules/caller-faults.ts";
import type { Facts } from "../../src/rules/rule.ts";
import { arrival, identity, request } from "../helpers/call-record.ts";

const read = createCallerFaults(vocabulary, "seed");

function facts(header: string | undefined, operation = "pay"): Facts {
  const headers = header === undefined ? [] : ["X-Fault", header];
  return createFacts(request({ headers: [...request().headers, ...headers] }), identity({ operation }), arrival(), 0);
}

t.test("api=CODE fires on that API alone, and a call without the header has no caller's fault", async (t) => {
  t.match(read(facts("pay=RISK_REJECT")), { kind: "fires", firing: { rule: { name: "x-fault" }, effects: [{ kind: "make" }] } });
  t.same(read(facts("refund=PROCESS_FAIL")), { kind: "passes" });
  t.match(read(facts("refund=PROCESS_FAIL, pay=RISK_REJECT")), { kind: "fires" });
  t.match(read(facts("refund=PROCESS_FAIL, pay=RISK_REJECT", "refund")), { kind: "fires" });
  t.match(read(facts("*=UNKNOWN_EXCEPTION", "inquiryPayment")), { kind: "fires" });
  t.equal(read(facts(undefined)), undefined);
});

t.test("a whole rule may be written in flow form, conditions and all", async (t) => {
  t.match(read(facts("{api: pay, delay: 2s}")), { kind: "fires", firing: { effects: [{ kind: "wait", ms: 2000 }] } });
  t.match(read(facts('{api: pay, result: {code: PROCESS_FAIL, message: "a, b"}, upstream: call}')), {
    kind: "fires",
    firing: { callUpstream: true },
  });
});

t.test("what cannot be read is refused with what would be right", async (t) => {
  const table: readonly [string, RegExp][] = [
    ["pay", /cannot be read; write `x-fault: pay=RISK_REJECT`/],
    ["", /cannot be read/],
    ["pay=RISK_REJCT", /`RISK_REJCT` is not a result code of `pay`.*`RISK_REJECT`/],
    ["pya=RISK_REJECT", /`pya` is not an API.*`pay`/],
    ["{api: pay", /x-fault/],
    ["{api: pay, result: RISK_REJECT, times: 2}", /`times` would have an effect only over several calls/],
    ["{api: pay, result: RISK_REJECT, probability: 0.5, skip: 1, active: false}", /`active`, `skip`, `probability` would have an effect/],
    [
      "{api: pay, result: RISK_REJECT, duration: 1m, from: 2026-11-23T09:00Z, until: 2026-11-23T10:00Z}",
      /`duration`, `from`, `until` would/,
    ],
    ["{api: pay, steps: [{result: RISK_REJECT}, {abort: reset}]}", /`steps` would have an effect/],
    ["{api: pay, steps: []}", /`steps` is empty/],
    ['pay"}\nrules: x=A', /cannot be read/],
    ["x".repeat(5000), /cannot be read/],
  ];
  for (const [header, message] of table) t.match(read(facts(header)), { kind: "wrong", message }, header.slice(0, 50));
});

t.test("words that mean something over several calls may stand where they mean something else", async (t) => {
  for (const header of [
    "{api: pay, when: {body: {times: 1}}, result: RISK_REJECT}",
    "{api: pay, when: {body: {'per': 1, steps: 1}}, result: RISK_REJECT}",
    "{name: mine, api: pay, result: {code: RISK_REJECT, message: 'active: no, times: 2'}}",
    "{api: pay, active: true, probability: 1, skip: 0, result: RISK_REJECT}",
  ]) {
    const found = read(facts(header));
    t.not(found?.kind, "wrong", found?.kind === "wrong" ? found.message : header);
  }
});
