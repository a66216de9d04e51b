/** A kept call is given back as it was, to the byte, also when its memory has served many calls. */
import fc from "fast-check";
import t from "tap";
import { createBytePages } from "../../../src/observe/journal/byte-pages.ts";
import { createCallRing } from "../../../src/observe/journal/call-ring.ts";
import { hasId, keepCall, readCall } from "../../../src/observe/journal/kept-call.ts";
import type { CallRecord } from "../../../src/ports/ports.ts";
import { callRecord, identity, injectedRecord, request, response } from "../../helpers/call-record.ts";

function keptAndRead(record: CallRecord): CallRecord {
  return readCall(keepCall(record, 1, createBytePages()));
}

const upstreamResponse = response();
const RECORDS: Readonly<Record<string, CallRecord>> = {
  "a forwarded call": callRecord(),
  "an injected call": injectedRecord(),
  "an answer that went through untouched": callRecord({ upstreamResponse, response: upstreamResponse }),
  "an answer that was only signed again": callRecord({
    upstreamResponse,
    response: { ...upstreamResponse, headers: ["signature", "algorithm=RSA256,keyVersion=1,signature=ours"] },
  }),
  "a call that got no answer": callRecord({
    outcome: "failed",
    upstreamResponse: undefined,
    response: undefined,
    failure: { kind: "refused", detail: "connect ECONNREFUSED" },
  }),
  "a call whose answer was thrown away": callRecord({ response: undefined, delivery: "reset" }),
  "a call without authority and client id": callRecord({
    request: request({ authority: undefined }),
    identity: identity({ clientId: undefined, operation: undefined }),
  }),
  "a call with an empty authority and no headers": callRecord({
    request: request({ authority: "", headers: [] }),
    response: response({ headers: [] }),
  }),
  "headers with bytes beyond ASCII, and empty ones": callRecord({
    request: request({ headers: ["x-a", "\u00e4\u00ff\u0080", "x-empty", "", "x-last", ""] }),
  }),
  "bodies that are no text": callRecord({
    request: request({ body: Buffer.from([0, 10, 13, 255, 128]) }),
    response: response({ body: Buffer.alloc(0) }),
  }),
  "a result code beyond Latin-1": callRecord({ resultCode: "\u4e2d\u6587" }),
};

for (const [name, record] of Object.entries(RECORDS)) t.test(name, async (t) => t.strictSame(keptAndRead(record), record));

t.test("an answer that went through untouched is still the gateway's own", async (t) => {
  const { response: sent, upstreamResponse: theirs } = keptAndRead(callRecord({ upstreamResponse, response: upstreamResponse }));
  t.equal(sent, theirs);
});

t.test("an id is known by all of it", async (t) => {
  const kept = keepCall(callRecord({ id: "ab-12" }), 1, createBytePages());
  t.ok(hasId(kept, "ab-12"));
  for (const other of ["ab-1", "ab-123", "", "b-12"]) t.notOk(hasId(kept, other), other);
});

t.test("whatever comes and goes, each kept call reads as it was", async (t) => {
  const sizes = fc.array(fc.oneof(fc.nat(300), fc.nat(20_000), fc.integer({ min: 400_000, max: 700_000 })), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 10 }), (bodyBytes, limit) => {
      const ring = createCallRing(limit, 2_000_000);
      const records = bodyBytes.map((bytes, n) => callRecord({ id: `call-${n}`, request: request({ body: Buffer.alloc(bytes, n) }) }));
      for (const record of records) ring.add(record);
      const { calls, newest } = ring.size();
      t.ok(calls >= 1 && calls <= limit && newest === records.length);
      for (let sequence = newest; sequence > newest - calls; sequence -= 1) {
        const kept = ring.at(sequence);
        t.strictSame(kept && readCall(kept), records[sequence - 1]);
      }
      t.equal(ring.at(newest - calls), undefined);
    }),
    { numRuns: 30 },
  );
});
