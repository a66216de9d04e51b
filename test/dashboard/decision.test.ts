/** What the page says of a decision and a delivery comes from the call's record. */
import t from "tap";
import { detail } from "../../src/admin/api/views/call-view.ts";
import { decisionOn, decisionPlace, deliveryOf, timesOf } from "../../src/dashboard/traffic/decision.ts";
import type { CallRecord } from "../../src/ports/ports.ts";
import { callRecord, decision, injectedRecord } from "../helpers/call-record.ts";

const shown = (record: CallRecord) => detail({ sequence: 1, record });

t.test("a decision names the rule and what it did, its step, its firing and the version of the rules", async (t) => {
  const call = shown(injectedRecord({ rule: { ...decision("pay-cut"), step: 2, firing: 3, action: "cuts the answer" } }));
  t.equal(decisionOn(call), "`pay-cut` acted: it cuts the answer.");
  t.equal(decisionPlace(call), "Step 2, firing 3, rules version `v1`.");
  t.match(
    decisionPlace(shown(injectedRecord({ rule: { ...decision("x"), rulesVersion: undefined } }))),
    /asked for by the caller’s header/,
  );
});

t.test("a call on which no rule acted says so, with what happened instead", async (t) => {
  t.equal(decisionOn(shown(callRecord())), "No rule acted: the call was forwarded.");
  t.equal(decisionPlace(shown(callRecord())), undefined);
  t.match(decisionOn(shown(callRecord({ outcome: "refused", refusal: "production" }))), /refused before anything was sent.*`production`/);
  const failed = callRecord({ outcome: "failed", failure: { kind: "timeout", detail: "no answer in 30 s" } });
  t.equal(decisionOn(shown(failed)), "No rule acted. The call failed (`timeout`): no answer in 30 s.");
  t.match(decisionOn(shown(callRecord({ outcome: "tunnelled" }))), /without being read/);
  t.match(decisionOn(shown(callRecord({ rule: decision("slow") }))), /^`slow` acted.*The call was forwarded/);
});

t.test("time and bytes are those of the delivery", async (t) => {
  const throttled = callRecord({
    delivery: "throttle",
    deliveryEnd: "whole",
    deliveryMs: 4000,
    durationMs: 6012,
    waitMs: 2000,
    sentBytes: 81,
  });
  t.match(deliveryOf(shown(throttled)), /^throttle, whole, 81 bytes, in 4\.00 s$/);
  t.equal(timesOf(shown(throttled)), "6.01 s, delay 2.00 s, gateway 10 ms, delivery 4.00 s");
  const cut = callRecord({ delivery: "truncate", deliveryEnd: "cut", sentBytes: 40, deliveryMs: undefined });
  t.equal(deliveryOf(shown(cut)), "truncate, cut off by the proxy, 40 of 81 bytes");
  const hung = callRecord({ delivery: "hang", deliveryEnd: "aborted", response: undefined, sentBytes: 0, deliveryMs: undefined });
  t.match(deliveryOf(shown(hung)), /^hang, broken off.*, 0 bytes$/);
});

t.test("what the record does not hold is not known", async (t) => {
  const call = shown(callRecord({ deliveryEnd: undefined, sentBytes: undefined, deliveryMs: undefined }));
  t.equal(deliveryOf(call), "end not known");
  t.equal(timesOf(call), "12 ms without the delivery, gateway 10 ms");
});
