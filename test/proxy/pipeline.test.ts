import t from "tap";
import type { Effect } from "../../src/faults/fault.ts";
import { createContentReader } from "../../src/http/content.ts";
import type { CallRecord, FailureKind, Gateway, Identity, SealCall, Standing } from "../../src/ports/ports.ts";
import { createPipeline, type Pipeline, type PipelineParts } from "../../src/proxy/pipeline.ts";
import type { Facts, Firing } from "../../src/rules/rule.ts";
import { arrival, identity, request, response } from "../helpers/call-record.ts";
import { compiledRule } from "../helpers/compiled-rule.ts";
import { createFakeClock, settled } from "../helpers/fake-clock.ts";
import { fakeTransport, sendThrough } from "../helpers/fake-transport.ts";

interface World {
  readonly pipeline: Pipeline;
  readonly records: CallRecord[];
  readonly stages: string[];
  readonly bugs: unknown[];
  readonly upstreamCalls: unknown[];
  readonly seals: SealCall[];
  readonly learnt: unknown[];
  readonly clock: ReturnType<typeof createFakeClock>;
}

function world(standing: Standing, changes: Partial<PipelineParts> = {}): World {
  const records: CallRecord[] = [];
  const stages: string[] = [];
  const bugs: unknown[] = [];
  const upstreamCalls: unknown[] = [];
  const seals: SealCall[] = [];
  const learnt: unknown[] = [];
  const clock = createFakeClock();
  let count = 0;
  const gateway: Gateway = {
    reservedWords: [],
    identify: (): Identity => identity({ standing }),
    destination: (_, origin) => ({ origin, protocol: "http1" }),
    refusal: (message) => response({ status: 403, body: Buffer.from(message) }),
    failure: ({ kind }) => response({ status: 502, body: Buffer.from(kind) }),
    outgoing: (asked) => asked,
    async seal(call) {
      seals.push(call);
      const verdict = call.maker === "gateway" ? "valid" : undefined;
      return { response: call.response, verdict, resultCode: "SUCCESS", signedContent: call.content, credible: call.content };
    },
  };
  const pipeline = createPipeline({
    clock,
    contentOf: createContentReader(),
    gateway,
    upstream: {
      async exchange(_, destination) {
        upstreamCalls.push(destination);
        return { kind: "answer", response: response() };
      },
    },
    rules: { choose: () => undefined },
    ledger: { observeAnswer: (_, content) => void learnt.push(content) },
    observer: {
      begin: () => undefined,
      stage: (_, stage) => void stages.push(stage),
      end: (record) => void records.push(record),
      bug: (error, callId) => void bugs.push([error, callId]),
    },
    nextId() {
      count += 1;
      return `id-${count}`;
    },
    allowProduction: false,
    destinationFor: () => ({ origin: "https://up", protocol: "http1" }),
    ...changes,
  });
  return { pipeline, records, stages, bugs, upstreamCalls, seals, learnt, clock };
}

const sandbox: Standing = { kind: "sandbox" };
const replace: Effect = { kind: "make", signed: true, make: () => response({ status: 201 }) };

function firing(effects: readonly Effect[]): Firing {
  return { rule: compiledRule(), ordinal: 3, step: 2, rulesVersion: "v7", action: "acts", callUpstream: false, effects };
}

t.test("a sandbox call is forwarded and recorded once, with all stages in order", async (t) => {
  const { pipeline, records, stages, upstreamCalls, learnt } = world(sandbox);
  const { replies } = await sendThrough(pipeline);
  t.match(replies, [{ response: { status: 200 }, delivery: undefined }]);
  t.equal(upstreamCalls.length, 1);
  t.match(records, [{ id: "id-1", outcome: "forwarded", verdict: "valid", resultCode: "SUCCESS", rule: undefined, delivery: "whole" }]);
  t.same(stages, ["identify", "admit", "read", "choose", "perform", "seal", "write", "record"]);
  t.equal(learnt.length, 1, "ids are learnt before the answer goes out");
});

t.test("a refused call never reaches upstream, and its reason is recorded", async (t) => {
  for (const [standing, reason] of [
    [{ kind: "refused", reason: "path", message: "no" }, "path"],
    [{ kind: "production" }, "production"],
  ] as const) {
    const { pipeline, records, upstreamCalls } = world(standing);
    const { replies } = await sendThrough(pipeline);
    t.match(replies, [{ response: { status: 403 } }]);
    t.same(upstreamCalls, []);
    t.match(records, [{ outcome: "refused", refusal: reason, upstreamMs: undefined }]);
  }
});

t.test("an allowed production call is for the stream lane: no rule is even asked", async (t) => {
  let asked = 0;
  const choose = (): undefined => {
    asked += 1;
  };
  const { pipeline, records, upstreamCalls } = world({ kind: "production" }, { allowProduction: true, rules: { choose } });
  const { replies } = await sendThrough(pipeline);
  t.same([asked, replies, upstreamCalls], [0, [], []]);
  t.match(records, [{ outcome: "forwarded", delivery: "streamed", response: { status: 200 } }]);
});

t.test(
  "a streamed call that failed gets the answer of an exchanged one, unless its client has been sent something or has gone",
  async (t) => {
    const { pipeline, records } = world(sandbox);
    const end = (kind: FailureKind, begun: boolean) =>
      sendThrough(pipeline, {
        body: { kind: "over-limit", prefix: [] },
        streamed: { kind: "failed", failure: { kind, detail: "x" }, begun },
      });
    const [reply] = (await end("refused", false)).replies;
    t.match(reply?.response, { status: 502, body: Buffer.from("refused") });
    t.match(reply?.response?.headers.slice(-2), ["x-fault-outcome", "failed"]);
    t.same((await end("reset", true)).replies, []);
    t.same(
      (await end("cancelled", false)).replies,
      [{ response: undefined, delivery: undefined }],
      "nothing to send, and the connection is ended",
    );
    t.match(records, [
      { outcome: "failed", failure: { kind: "refused" }, response: { status: 502 }, resultCode: "SUCCESS", delivery: "whole" },
      { outcome: "failed", failure: { kind: "reset" }, response: undefined, delivery: "streamed" },
      { outcome: "failed", failure: { kind: "cancelled" }, response: undefined, delivery: "client-gone" },
    ]);
  },
);

t.test("a production call that was streamed and failed is answered without a signature, a sandbox one with it", async (t) => {
  const streamed = { kind: "failed", failure: { kind: "refused", detail: "x" }, begun: false } as const;
  for (const [standing, maker] of [
    [{ kind: "production" }, "intermediary"],
    [sandbox, "proxy"],
  ] as const) {
    const { pipeline, seals } = world(standing, { allowProduction: true });
    const { replies } = await sendThrough(pipeline, { body: { kind: "over-limit", prefix: [] }, streamed });
    t.match(replies, [{ response: { status: 502 } }]);
    t.match(seals, [{ maker }]);
  }
});

t.test("a rule that lives elsewhere may answer later, and what was decided is recorded as plain data", async (t) => {
  const { pipeline, records } = world(sandbox, { rules: { choose: async () => firing([replace]) } });
  const { replies } = await sendThrough(pipeline);
  t.equal(replies[0]?.response?.status, 201);
  const rule = { name: "a-rule", identity: "a-rule#1", step: 2, firing: 3, rulesVersion: "v7", action: "acts" };
  t.match(records, [{ outcome: "injected", rule }]);
});

t.test("a record is written when both the stages and the client's side are over, and tells how long each part took", async (t) => {
  const { pipeline, records, clock } = world(sandbox, { rules: { choose: () => firing([replace, { kind: "wait", ms: 500 }]) } });
  const wire = {
    body: { kind: "whole", body: Buffer.from("{}") },
    streamed: { kind: "answered", status: 200 },
    replies: [],
    gaveUp: undefined,
  } as const;
  const passing = pipeline.begin({ head: request(), arrival: arrival(), wire: { ...wire, replies: [] }, transport: fakeTransport });
  const running = pipeline.run(passing, new AbortController().signal);
  await settled();
  await clock.advance(500);
  await running;
  t.same(records, [], "the answer is decided, and its delivery goes on");
  await clock.advance(2000);
  pipeline.close(passing, "aborted", 10);
  pipeline.close(passing, "whole", 99);
  t.match(records, [{ waitMs: 500, upstreamMs: undefined, deliveryMs: 2000, durationMs: 2500, deliveryEnd: "aborted", sentBytes: 10 }]);
  t.equal(records.length, 1);
});

t.test("a record holds plain data alone", async (t) => {
  const { pipeline, records } = world(sandbox, { rules: { choose: () => firing([replace, { kind: "wait", ms: 0 }]) } });
  await sendThrough(pipeline);
  t.strictSame(structuredClone(records[0]), {
    ...records[0],
    request: structuredClone(records[0]?.request),
    response: structuredClone(records[0]?.response),
  });
});

t.test("calls are drained once the last of them is recorded", async (t) => {
  const { pipeline } = world(sandbox);
  await pipeline.drained();
  const wire = {
    body: { kind: "whole", body: Buffer.from("{}") },
    streamed: { kind: "answered", status: 200 },
    replies: [],
    gaveUp: undefined,
  } as const;
  const passing = pipeline.begin({ head: request(), arrival: arrival(), wire: { ...wire, replies: [] }, transport: fakeTransport });
  let drained = false;
  const draining = pipeline.drained().then(() => {
    drained = true;
  });
  await pipeline.run(passing, new AbortController().signal);
  await settled();
  t.notOk(drained);
  pipeline.close(passing, "whole", 1);
  await draining;
});

t.test("matchers see the body as JSON, parsed once; undefined where it is none", async (t) => {
  const seen: unknown[] = [];
  const choose = (facts: Facts): undefined => {
    seen.push(facts.body(), facts.body());
  };
  const { pipeline } = world(sandbox, { rules: { choose } });
  await sendThrough(pipeline);
  await sendThrough(pipeline, { body: { kind: "whole", body: Buffer.from("{") } });
  t.match(seen[0], { paymentRequestId: "R1" });
  t.equal(seen[0], seen[1]);
  t.same(seen.slice(2), [undefined, undefined]);
});

t.test("a client that goes away while a rule waits is recorded, not thrown", async (t) => {
  const { pipeline, records, clock } = world(sandbox, { rules: { choose: () => firing([{ kind: "wait", ms: 60_000 }]) } });
  const gone = new AbortController();
  const sending = sendThrough(pipeline, { gone: gone.signal });
  await settled();
  gone.abort(new Error("gone"));
  t.same((await sending).replies, [{ response: undefined, delivery: undefined }]);
  t.match(records, [{ outcome: "injected", failure: { kind: "cancelled" }, delivery: "client-gone", rule: { name: "a-rule" } }]);
  t.equal(clock.sleeping(), 0);
});

t.test("a bug in any stage is reported with the call's id, answered 500 and recorded", async (t) => {
  const broken: Effect = {
    kind: "make",
    signed: true,
    make() {
      throw new Error("bug");
    },
  };
  const bug = (): never => {
    throw new Error("bug");
  };
  for (const changes of [{ rules: { choose: () => firing([broken]) } }, { rules: { choose: bug } }, { destinationFor: bug }]) {
    const { pipeline, records, bugs } = world(sandbox, changes);
    t.equal((await sendThrough(pipeline)).gaveUp, 500);
    t.match(bugs, [[{ message: "bug" }, "id-1"]]);
    t.match(records, [{ outcome: "failed", failure: { kind: "other" }, response: { status: 500 } }]);
  }
});

t.test("a kept call is sent again without anybody being answered, and a production call never", async (t) => {
  const { pipeline, records, upstreamCalls } = world(sandbox);
  const again = await pipeline.resend(request(), arrival(), new AbortController().signal);
  t.match(again, { id: "id-1", outcome: "forwarded", response: { status: 200 }, deliveryEnd: "nothing" });
  t.same([records.length, upstreamCalls.length], [1, 1]);
  const production = world({ kind: "production" }, { allowProduction: true });
  t.equal(await production.pipeline.resend(request(), arrival(), new AbortController().signal), undefined);
  t.same(production.records, []);
});
