import t from "tap";
import type { Effect } from "../../src/faults/fault.ts";
import { createContentReader } from "../../src/http/content.ts";
import type { CallRecord, FailureKind, Gateway, Identity, Standing } from "../../src/ports/ports.ts";
import { type Core, createCore, type HandleParts } from "../../src/proxy/handle.ts";
import type { Facts, Firing } from "../../src/rules/rule.ts";
import { arrival, identity, request, response } from "../helpers/call-record.ts";
import { compiledRule } from "../helpers/compiled-rule.ts";
import { createFakeClock, settled } from "../helpers/fake-clock.ts";

interface World {
  readonly core: Core;
  readonly records: CallRecord[];
  readonly upstreamCalls: unknown[];
  readonly clock: ReturnType<typeof createFakeClock>;
}

function world(standing: Standing, changes: Partial<HandleParts> = {}): World {
  const records: CallRecord[] = [];
  const upstreamCalls: unknown[] = [];
  const clock = createFakeClock();
  const gateway: Gateway = {
    reservedWords: [],
    identify: (): Identity => identity({ standing }),
    destination: (_, origin) => ({ origin, protocol: "http1" }),
    refusal: (message) => response({ status: 403, body: Buffer.from(message) }),
    failure: ({ kind }) => response({ status: 502, body: Buffer.from(kind) }),
    outgoing: (asked) => asked,
    seal: async ({ response: sealed, content, maker }) => ({
      response: sealed,
      verdict: maker === "gateway" ? "valid" : undefined,
      resultCode: "SUCCESS",
      signedContent: content,
      credible: content,
    }),
  };
  const core = createCore({
    clock,
    contentOf: createContentReader(),
    gateway,
    upstream: {
      async exchange(_, destination) {
        upstreamCalls.push(destination);
        return { kind: "answer", response: response() };
      },
    },
    select: () => undefined,
    observe: (record) => void records.push(record),
    nextId: () => `id-${records.length + 1}`,
    allowProduction: false,
    destinationFor: () => ({ origin: "https://up", protocol: "http1" }),
    ...changes,
  });
  return { core, records, upstreamCalls, clock };
}

const never = new AbortController().signal;
const sandbox: Standing = { kind: "sandbox" };

function firing(effects: readonly Effect[]): Firing {
  return { rule: compiledRule(), ordinal: 1, step: 1, rulesVersion: "v1", action: "acts", callUpstream: false, effects };
}

t.test("a sandbox call is forwarded and recorded once", async (t) => {
  const { core, records, upstreamCalls } = world(sandbox);
  const admission = core.admit(request(), arrival());
  t.equal(admission.kind, "exchange");
  const reply = await core.handle({ request: request(), arrival: arrival(), admission, signal: never });
  t.equal(reply.response?.status, 200);
  t.equal(upstreamCalls.length, 1);
  t.match(records, [{ id: "id-1", outcome: "forwarded", verdict: "valid", resultCode: "SUCCESS", rule: undefined, delivery: "whole" }]);
});

t.test("a refused call never reaches upstream, and its reason is recorded", async (t) => {
  for (const [standing, reason] of [
    [{ kind: "refused", reason: "path", message: "no" }, "path"],
    [{ kind: "production" }, "production"],
  ] as const) {
    const { core, records, upstreamCalls } = world(standing);
    const admission = core.admit(request(), arrival());
    const reply = await core.handle({ request: request(), arrival: arrival(), admission, signal: never });
    t.equal(reply.response?.status, 403);
    t.same(upstreamCalls, []);
    t.match(records, [{ outcome: "refused", refusal: reason }]);
  }
});

t.test("an allowed production call is for the stream lane: no rule is even asked", async (t) => {
  let asked = 0;
  const select = (): undefined => {
    asked += 1;
  };
  const { core, records } = world({ kind: "production" }, { allowProduction: true, select });
  const admission = core.admit(request(), arrival());
  t.equal(admission.kind, "stream");
  const carried = { head: request(), arrival: arrival(), admission, startedAt: core.now() };
  t.equal(await core.streamed({ ...carried, result: { kind: "answered", status: 200 } }), undefined);
  t.equal(asked, 0);
  t.match(records, [{ outcome: "forwarded", delivery: "streamed", response: { status: 200 } }]);
});

t.test(
  "a streamed call that failed gets the answer of an exchanged one, unless its client has been sent something or has gone",
  async (t) => {
    const { core, records } = world(sandbox);
    const carried = { head: request(), arrival: arrival(), admission: core.admit(request(), arrival()), startedAt: core.now() };
    const end = (kind: FailureKind, begun: boolean) =>
      core.streamed({ ...carried, result: { kind: "failed", failure: { kind, detail: "x" }, begun } });
    const reply = await end("refused", false);
    t.match(reply?.response, { status: 502, body: Buffer.from("refused") });
    t.match(reply?.response?.headers.slice(-2), ["x-fault-outcome", "failed"]);
    t.equal(await end("reset", true), undefined);
    t.same(await end("cancelled", false), { response: undefined, delivery: undefined }, "nothing to send, and the connection is ended");
    t.match(records, [
      { outcome: "failed", failure: { kind: "refused" }, response: { status: 502 }, resultCode: "SUCCESS", delivery: "whole" },
      { outcome: "failed", failure: { kind: "reset" }, response: undefined, delivery: "streamed" },
      { outcome: "failed", failure: { kind: "cancelled" }, response: undefined, delivery: "client-gone" },
    ]);
  },
);

t.test("a rule that lives elsewhere may answer later", async (t) => {
  const replace: Effect = { kind: "make", signed: true, make: () => response({ status: 201 }) };
  const { core, records } = world(sandbox, { select: async () => firing([replace]) });
  const reply = await core.handle({ request: request(), arrival: arrival(), admission: core.admit(request(), arrival()), signal: never });
  t.equal(reply.response?.status, 201);
  t.match(records, [{ outcome: "injected", rule: { name: "a-rule" } }]);
});

t.test("matchers see the body as JSON, parsed once; undefined where it is none", async (t) => {
  const seen: unknown[] = [];
  const select = (facts: Facts): undefined => {
    seen.push(facts.body(), facts.body());
  };
  const { core } = world(sandbox, { select });
  const admission = core.admit(request(), arrival());
  await core.handle({ request: request(), arrival: arrival(), admission, signal: never });
  await core.handle({ request: request({ body: Buffer.from("{") }), arrival: arrival(), admission, signal: never });
  t.match(seen[0], { paymentRequestId: "R1" });
  t.equal(seen[0], seen[1]);
  t.same(seen.slice(2), [undefined, undefined]);
});

t.test("a client that goes away while a rule waits is recorded, not thrown", async (t) => {
  const { core, records, clock } = world(sandbox, { select: () => firing([{ kind: "wait", ms: 60_000 }]) });
  const gone = new AbortController();
  const handling = core.handle({
    request: request(),
    arrival: arrival(),
    admission: core.admit(request(), arrival()),
    signal: gone.signal,
  });
  await settled();
  gone.abort(new Error("gone"));
  t.same(await handling, { response: undefined, delivery: undefined });
  t.match(records, [{ outcome: "injected", failure: { kind: "cancelled" }, delivery: "client-gone", rule: { name: "a-rule" } }]);
  t.equal(clock.sleeping(), 0);
});

t.test("a bug in a fault is thrown for the listener to catch", async (t) => {
  const broken: Effect = {
    kind: "make",
    signed: true,
    make() {
      throw new Error("bug");
    },
  };
  const { core } = world(sandbox, { select: () => firing([broken]) });
  const admission = core.admit(request(), arrival());
  await t.rejects(async () => await core.handle({ request: request(), arrival: arrival(), admission, signal: never }), { message: "bug" });
});
