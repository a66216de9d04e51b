/** What the stand-in remembers is bounded, and its ids are unlike each other. */
import t from "tap";
import { createIds } from "../../src/sandbox/ids.ts";
import { openPayment } from "../../src/sandbox/payment.ts";
import { createPayments } from "../../src/sandbox/payments.ts";
import { createRefunds } from "../../src/sandbox/refunds.ts";

const amount = { currency: "USD", value: "1" };
const order = (id: string) =>
  openPayment({
    clientId: "SANDBOX_A",
    paymentId: `id-${id}`,
    paymentRequestId: id,
    amount,
    methodType: undefined,
    paymentMethodId: undefined,
    captureMode: "AUTOMATIC",
    isOrderCode: false,
    createdAtMs: 0,
    redirectUrl: undefined,
  });

t.test("replacing a payment is not adding one, and the payment that nobody asked about goes first", async (t) => {
  const payments = createPayments(2);
  for (const id of ["a", "b", "b"]) payments.put(order(id));
  t.equal(payments.byId("SANDBOX_A", "id-a")?.paymentRequestId, "a");
  payments.put(order("c"));
  t.equal(payments.byId("SANDBOX_A", "id-b"), undefined);
  t.equal(payments.byRequestId("SANDBOX_A", "a")?.paymentId, "id-a");
});

t.test("a payment past the limit is forgotten under both of its ids", async (t) => {
  const payments = createPayments(2);
  for (const id of ["a", "b", "c"]) payments.put(order(id));
  t.equal(payments.byRequestId("SANDBOX_A", "a"), undefined);
  t.equal(payments.byId("SANDBOX_A", "id-a"), undefined);
  t.equal(payments.byId("SANDBOX_A", "id-c")?.paymentRequestId, "c");
  t.same(
    payments.all().map(({ paymentRequestId }) => paymentRequestId),
    ["b", "c"],
  );
});

t.test("a refund past the limit is forgotten under both of its ids", async (t) => {
  const refunds = createRefunds(1);
  for (const id of ["a", "b"])
    refunds.add({ clientId: "c", refundId: `id-${id}`, refundRequestId: id, paymentId: "p", amount, splitDetails: [], atMs: 0 });
  t.equal(refunds.byRequestId("c", "a"), undefined);
  t.equal(refunds.byId("c", "id-a"), undefined);
  t.equal(refunds.byId("c", "id-b")?.refundRequestId, "b");
  t.equal(refunds.byId("d", "id-b"), undefined, "another client's");
});

t.test("ids begin with the second and never repeat", async (t) => {
  const newId = createIds();
  const ids = Array.from({ length: 1000 }, () => newId(Date.UTC(2026, 10, 23, 8, 1, 2, 999)));
  t.equal(new Set(ids).size, 1000);
  t.ok(ids.every((id) => /^20261123080102\d{14}$/.test(id)));
});
