import { gzipSync } from "node:zlib";
import t from "tap";
import type { Effect } from "../../src/faults/fault.ts";
import { createContentReader } from "../../src/http/content.ts";
import { headerValue } from "../../src/http/headers.ts";
import type { HttpResponse, RawHeaders } from "../../src/http/message.ts";
import type { Destination, Gateway, SealCall, UpstreamResult } from "../../src/ports/ports.ts";
import { beginCall, type Passing } from "../../src/proxy/call.ts";
import { decisionOf } from "../../src/proxy/choose.ts";
import { perform } from "../../src/proxy/perform.ts";
import { seal } from "../../src/proxy/seal.ts";
import { sortEffects } from "../../src/proxy/sort-effects.ts";
import type { Firing } from "../../src/rules/rule.ts";
import { arrival, identity, request, response } from "../helpers/call-record.ts";
import { compiledRule } from "../helpers/compiled-rule.ts";
import { createFakeClock, type FakeClock, settled } from "../helpers/fake-clock.ts";
import { type FakeWire, fakeTransport } from "../helpers/fake-transport.ts";

const theirs = response({ headers: ["server", "spanner"], body: Buffer.from("theirs") });
const ours = response({ headers: ["x", "y"], body: Buffer.from("ours") });

function firing(effects: readonly Effect[], callUpstream = false): Firing {
  return { rule: compiledRule(), ordinal: 1, step: 1, rulesVersion: "v1", action: "acts", callUpstream, effects };
}

/** What came of the stages perform and seal. */
interface Performed extends Pick<Passing["call"], "outcome" | "upstreamResponse" | "failure"> {
  readonly sealed: { readonly response: HttpResponse } | undefined;
  readonly delivery: Passing["delivery"];
}

interface World {
  readonly calls: string[];
  readonly seals: SealCall[];
  readonly clock: FakeClock;
  play(firing: Firing | undefined, signal?: AbortSignal): Promise<Performed>;
}

/** A gateway that signs by adding a line, and an upstream that answers `result`. */
function world(result: UpstreamResult = { kind: "answer", response: theirs }, signs = true): World {
  const calls: string[] = [];
  const seals: SealCall[] = [];
  const clock = createFakeClock();
  const gateway: Gateway = {
    reservedWords: ["signature"],
    identify: () => identity(),
    destination: (_, origin) => ({ origin, protocol: "http1" }),
    refusal: (message) => response({ status: 403, body: Buffer.from(message) }),
    failure: ({ kind }) => response({ status: 502, body: Buffer.from(kind) }),
    outgoing: (asked) => asked,
    async seal(call) {
      seals.push(call);
      const sealed = { ...call.response, headers: [...call.response.headers, "signature", "s"] };
      const verdict = call.maker === "gateway" ? "valid" : undefined;
      return { response: sealed, verdict, resultCode: "CODE", signedContent: signs ? call.content : undefined, credible: undefined };
    },
  };
  const upstream = {
    async exchange(_: unknown, { origin }: Destination): Promise<UpstreamResult> {
      calls.push(origin);
      return result;
    },
  };
  const play: World["play"] = async (acting, signal = new AbortController().signal) =>
    await playOn({ clock, gateway, upstream, contentOf: createContentReader() }, acting, signal);
  return { calls, seals, clock, play };
}

type Parts = Parameters<typeof perform>[1] & Omit<Parameters<typeof seal>[1], "ledger">;

/** Takes an admitted call on which `firing` acts through the two stages. */
async function playOn(parts: Parts, acting: Firing | undefined, gone: AbortSignal): Promise<Performed> {
  const wire: FakeWire = { body: { kind: "broken" }, streamed: { kind: "answered", status: 200 }, replies: [], gaveUp: undefined };
  const passing = beginCall(
    { head: request(), arrival: arrival(), wire, transport: fakeTransport },
    { clock: parts.clock, nextId: () => "id" },
  );
  const effects = sortEffects(acting?.effects ?? []);
  Object.assign(passing, {
    gone,
    destination: { origin: "https://up", protocol: "http1" },
    firing: acting,
    effects,
    delivery: effects.delivery,
  });
  const { call } = passing;
  call.identity = identity();
  if (acting !== undefined) call.rule = decisionOf(acting);
  await perform(passing, parts);
  await seal(passing, { ...parts, ledger: { observeAnswer: () => undefined } });
  const { outcome, upstreamResponse, failure, response: sent } = call;
  return { outcome, upstreamResponse, failure, delivery: passing.delivery, sealed: sent && { response: sent } };
}

const replace: Effect = { kind: "make", signed: true, make: () => ours };

function text(answer: HttpResponse | undefined): string | undefined {
  return answer?.body.toString();
}

t.test("without a rule the gateway is called and its answer sealed, unmarked", async (t) => {
  const { play, calls, seals } = world();
  const performed = await play(undefined);
  t.same(calls, ["https://up"]);
  t.equal(performed.outcome, "forwarded");
  t.same(performed.sealed?.response.headers, ["server", "spanner", "signature", "s"]);
  t.match(seals, [{ maker: "gateway", changed: false }]);
});

t.test("a replaced answer is marked, sealed as the proxy's, and the gateway is not called", async (t) => {
  const { play, calls, seals } = world();
  const performed = await play(firing([replace]));
  t.same(calls, []);
  t.equal(performed.outcome, "injected");
  t.equal(text(performed.sealed?.response), "ours");
  t.equal(headerValue(performed.sealed?.response.headers ?? [], "x-fault-rule"), "a-rule");
  t.match(seals, [{ maker: "proxy", changed: true, theirs: undefined }]);
});

t.test("with `upstream: call` the gateway is called first; the fault is given its header lines, the seal all of it", async (t) => {
  const { play, calls, seals } = world();
  let given: RawHeaders | undefined;
  const seeing: Effect = {
    kind: "make",
    signed: true,
    make(theirHeaders) {
      given = theirHeaders;
      return ours;
    },
  };
  const performed = await play(firing([seeing], true));
  t.same(calls, ["https://up"]);
  t.equal(given, theirs.headers);
  t.equal(seals[0]?.theirs?.response, theirs);
  t.equal(seals[0]?.maker, "proxy");
  t.equal(performed.upstreamResponse, theirs);
});

t.test("a wait comes after the gateway was called and before the answer", async (t) => {
  const { play, calls, clock } = world();
  let done = false;
  const playing = play(firing([{ kind: "wait", ms: 2000 }])).then((performed) => {
    done = true;
    return performed;
  });
  await settled();
  t.same(calls, ["https://up"], "called at once");
  await clock.advance(1999);
  t.notOk(done);
  await clock.advance(1);
  t.equal(text((await playing).sealed?.response), "theirs");
});

t.test("a wait ends when the client goes away", async (t) => {
  const { play, clock } = world();
  const gone = new AbortController();
  const playing = play(firing([{ kind: "wait", ms: 60_000 }]), gone.signal);
  await settled();
  gone.abort(new Error("gone"));
  t.match(await playing, { sealed: undefined, failure: { kind: "cancelled", detail: /^the client/ } });
  t.equal(clock.sleeping(), 0);
});

t.test("a spoiled answer is spoiled after it was sealed", async (t) => {
  const { play } = world();
  const spoil: Effect = {
    kind: "tamper",
    spoil: (sealed) => ({ ...sealed, headers: sealed.headers.filter((part) => part !== "signature" && part !== "s") }),
  };
  const performed = await play(firing([replace, spoil]));
  t.notOk(performed.sealed?.response.headers.includes("signature"));
});

t.test("an answer that was not signed is not spoiled either", async (t) => {
  const { play } = world(undefined, false);
  const spoil: Effect = { kind: "tamper", spoil: () => ours };
  t.equal(text((await play(firing([spoil]))).sealed?.response), "theirs");
});

t.test("a change leaves the answer its maker's, and is given the content without its coding", async (t) => {
  const zipped = response({ headers: ["server", "spanner", "Content-Encoding", "gzip", "content-length", "9"], body: gzipSync("theirs") });
  const seen: HttpResponse[] = [];
  const change: Effect = {
    kind: "change",
    change(answer) {
      seen.push(answer);
      return { ...answer, body: Buffer.from(`${answer.body}!`) };
    },
  };
  for (const [effects, maker, expected] of [
    [[change], "gateway", "theirs!"],
    [[change, change], "gateway", "theirs!!"],
    [[change, replace], "proxy", "ours!"],
    [[{ ...replace, signed: false }, change], "intermediary", "ours!"],
  ] as const) {
    const { play, seals } = world({ kind: "answer", response: zipped });
    const performed = await play(firing(effects, true));
    t.equal(text(performed.sealed?.response), expected);
    t.equal(seals[0]?.maker, maker);
    t.equal(seals[0]?.content?.toString(), expected);
  }
  t.same(seen[0]?.headers, ["server", "spanner"]);
});

t.test("a change of what cannot be decoded changes the bytes, and leaves no content to sign", async (t) => {
  const odd = response({ headers: ["content-encoding", "zstd"], body: Buffer.from("theirs") });
  const { play, seals } = world({ kind: "answer", response: odd });
  await play(firing([{ kind: "change", change: (answer) => ({ ...answer, body: Buffer.from("changed") }) }]));
  t.match(seals, [{ maker: "gateway", content: undefined, theirs: { response: odd, content: undefined } }]);
});

t.test("a cut connection needs no answer: nothing is sealed, and the gateway is called only if the rule says so", async (t) => {
  const reset: Effect = { kind: "deliver", delivery: { kind: "reset" } };
  for (const [callUpstream, expected] of [
    [false, []],
    [true, ["https://up"]],
  ] as const) {
    const { play, calls, seals } = world();
    const performed = await play(firing([reset], callUpstream));
    t.same(calls, expected);
    t.equal(performed.sealed, undefined);
    t.same(performed.delivery, { kind: "reset" });
    t.same(seals, []);
  }
});

t.test("a slow or cut body is delivered from the gateway's own answer", async (t) => {
  const { play, calls } = world();
  const performed = await play(firing([{ kind: "deliver", delivery: { kind: "throttle", bytesPerSecond: 10 } }]));
  t.same(calls, ["https://up"]);
  t.equal(text(performed.sealed?.response), "theirs");
  t.equal(performed.delivery?.kind, "throttle");
});

t.test("where the gateway's side gives no answer, the proxy's own says so, marked and sealed", async (t) => {
  const { play, seals } = world({ kind: "failure", failure: { kind: "refused", detail: "no one there" } });
  const performed = await play(undefined);
  t.equal(performed.outcome, "failed");
  t.match(performed.failure, { kind: "refused" });
  t.equal(performed.sealed?.response.status, 502);
  t.equal(headerValue(performed.sealed?.response.headers ?? [], "x-fault-outcome"), "failed");
  t.match(seals, [{ maker: "proxy" }]);
});
