/** The ids that name the same payment are read from requests and answers. */
import t from "tap";
import { correlation } from "../../src/antom/correlation.ts";
import type { IdLink } from "../../src/ports/correlation.ts";
import { call } from "../helpers/rules.ts";

function linkOf(field: string): IdLink {
  const found = correlation.find((link) => link.field === field);
  if (found === undefined) throw new Error(`no link of ${field}`);
  return found;
}

const payment = linkOf("paymentRequestId");
const json = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

t.test("each field belongs to one link, so that a call counts under one id", async (t) => {
  const names = correlation.flatMap(({ field, alias }) => [field, alias]);
  t.equal(new Set(names).size, names.length);
});

t.test("a payment is named by the merchant in the request and by Antom in the answer", async (t) => {
  t.equal(payment.alias, "paymentId");
  t.equal(payment.assignedIn(json({ result: {}, paymentId: "P1" })), "P1");
  t.equal(payment.assignedIn(json({ result: {} })), undefined);
  t.equal(payment.chosenIn(call({ body: { paymentRequestId: "R1" } }).request, json({ paymentRequestId: "R2" })), "R1");
  t.equal(payment.chosenIn(call({ body: {} }).request, json({ paymentRequestId: "R2" })), "R2", "an inquiry's answer names both");
  t.equal(payment.chosenIn(call({ body: {} }).request, json({})), undefined);
});

t.test("only plain ids of bounded length are read", async (t) => {
  for (const paymentId of ["", "\u0000", "a\nb", 'a"b', "\u00e4", "x".repeat(129), 12, null, { a: 1 }])
    t.equal(payment.assignedIn(json({ paymentId })), undefined, JSON.stringify(paymentId));
  t.equal(payment.assignedIn(json({ paymentId: "x".repeat(128) })), "x".repeat(128));
});
