import fc from "fast-check";
import t from "tap";
import { mark, markerValue } from "../../src/proxy/markers.ts";
import { response } from "../helpers/call-record.ts";

const reserved = ["signature", "response-time"];

t.test("an injected answer says so, and by which rule", async (t) => {
  const { headers } = mark(response(), "injected", "pay-risk-reject", reserved);
  t.same(headers.slice(-4), ["x-fault-outcome", "injected", "x-fault-rule", "pay-risk-reject"]);
  t.same(mark(response(), "refused", undefined, reserved).headers.slice(-2), ["x-fault-outcome", "refused"]);
});

t.test("marks that a proxy further up has left do not stand beside ours", async (t) => {
  const chained = { ...response(), headers: ["X-Fault-Rule", "theirs", "x-fault-outcome", "injected", "x-other", "1"] };
  t.same(mark(chained, "injected", "ours", reserved).headers, ["x-other", "1", "x-fault-outcome", "injected", "x-fault-rule", "ours"]);
});

t.test("a rule's name never puts a word into the headers that PHP's SDK looks for", async (t) => {
  t.equal(markerValue("wrong-signature", reserved), "wrong-%73ignature");
  t.equal(markerValue("Response-Time later", reserved), "%52esponse-Time later");
});

t.test("any name becomes a valid header value that decodes to the name", async () => {
  const sendable = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const value = markerValue(name, reserved);
      const right = sendable.test(value) && !/signature|response-time/i.test(value);
      return right && decodeURIComponent(value) === name.replaceAll(/\p{Surrogate}/gu, "\ufffd");
    }),
  );
});

t.test("a fault cannot frame the answer: lines of the connection are dropped with the marker's", async (t) => {
  const headers = ["Transfer-Encoding", "chunked", "Connection", "close", "x-kept", "1"];
  t.same(mark(response({ headers }), "injected", undefined, []).headers, ["x-kept", "1", "x-fault-outcome", "injected"]);
});
