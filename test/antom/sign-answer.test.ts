import { gzipSync } from "node:zlib";
import t from "tap";
import { jsonAnswer, resultBody } from "../../src/antom/answer.ts";
import { createSeal } from "../../src/antom/sign-answer.ts";
import { contentToSign, createSigner } from "../../src/antom/signature.ts";
import { headerValue, headerValues } from "../../src/http/headers.ts";
import type { HttpResponse } from "../../src/http/message.ts";
import type { SealCall } from "../../src/ports/ports.ts";
import { identity, request } from "../helpers/call-record.ts";
import { makeKeys } from "../helpers/keys.ts";
import { corrupted, opensslAccepts } from "../helpers/openssl.ts";

const antom = makeKeys();
const ours = makeKeys();
const nowMs = Date.UTC(2026, 10, 23, 8, 0, 0, 999);
const seal = createSeal({ signer: createSigner(ours.privateKey), antomKey: antom.publicKey, resign: "all", now: () => nowMs });
const body = resultBody({ code: "SUCCESS", status: "S", message: "success." });
const time = "2026-11-23T16:00:00+08:00";

/** An answer of Antom's as it comes: capitalised names, a line that PHP's SDK would trip over. */
async function antomsAnswer(changes: { content?: Buffer; body?: Buffer; extra?: readonly string[] } = {}): Promise<HttpResponse> {
  const asked = request();
  const head = { method: "POST", path: asked.path, clientId: "SANDBOX_5X00000000000000", time };
  const signature = await createSigner(antom.privateKey).sign(head, changes.content ?? body);
  const headers = ["Server", "spanner", "Client-Id", "SANDBOX_5X00000000000000", "Response-Time", time, "Signature", signature];
  return { status: 200, headers: [...headers, "Content-Type", "application/json", ...(changes.extra ?? [])], body: changes.body ?? body };
}

/** A forwarded answer; `content`: what its coding hides. */
function sealCall(response: HttpResponse, changes: Partial<SealCall> = {}): SealCall {
  const content = "content" in changes ? changes.content : response.body;
  const theirs = { response, content };
  return { request: request(), identity: identity(), response, content, maker: "gateway", theirs, changed: false, ...changes };
}

/** An answer of the proxy's own; `theirs`: what Antom said before. */
function ownCall(response: HttpResponse, changes: Partial<SealCall> = {}): SealCall {
  return sealCall(response, { maker: "proxy", theirs: undefined, changed: true, ...changes });
}

function signedText(answer: HttpResponse, content: Buffer = answer.body): Buffer {
  const responseTime = headerValue(answer.headers, "response-time") ?? "";
  const clientId = headerValue(answer.headers, "client-id") ?? "";
  return contentToSign({ method: "POST", path: request().path, clientId, time: responseTime }, content);
}

t.test("an answer of the proxy's own is signed with its key, in lower-case lines that stand once each", async (t) => {
  const { response, resultCode, verdict, signedContent, credible } = await seal(ownCall(jsonAnswer(body)));
  t.same([signedContent, credible], [body, body]);
  t.equal(resultCode, "SUCCESS");
  t.equal(verdict, undefined);
  t.equal(headerValue(response.headers, "response-time"), "2026-11-23T08:00:00+00:00", "whole seconds with an offset");
  for (const name of ["signature", "client-id", "response-time"]) t.equal(response.headers.filter((part) => part === name).length, 1, name);
  const value = headerValue(response.headers, "signature") ?? "";
  t.ok(opensslAccepts(ours.publicPem, value, signedText(response)));
  t.notOk(opensslAccepts(ours.publicPem, value, corrupted(signedText(response))));
});

t.test("a forwarded answer is verified with Antom's key and signed again with ours; its time, status and other lines stay", async (t) => {
  const { response, verdict } = await seal(sealCall(await antomsAnswer()));
  t.equal(verdict, "valid");
  t.same(response.headers.slice(0, 4), ["Server", "spanner", "Content-Type", "application/json"]);
  t.equal(headerValue(response.headers, "response-time"), time);
  t.equal(response.headers.filter((part) => /^(signature|response-time|client-id)$/i.test(part)).length, 3, "the old lines are gone");
  t.ok(opensslAccepts(ours.publicPem, headerValue(response.headers, "signature") ?? "", signedText(response)));
  t.notOk(opensslAccepts(antom.publicPem, headerValue(response.headers, "signature") ?? "", signedText(response)));
});

t.test("lines that PHP's SDK would take for the signature are dropped from a signed answer", async (t) => {
  const extra = ["access-control-expose-headers", "signature, response-time", "x-response-time", "5", "x-kept", "yes"];
  const { response } = await seal(sealCall(await antomsAnswer({ extra })));
  const lines = response.headers.flatMap((part, at) => (at % 2 === 0 ? [`${part}: ${response.headers[at + 1]}`] : []));
  t.equal(lines.filter((line) => line.includes("signature")).length, 1);
  t.equal(lines.filter((line) => line.includes("response-time")).length, 1);
  t.ok(lines.includes("x-kept: yes"));
});

/** Antom's answer, damaged in one way each. */
async function damagedAnswers(): Promise<
  readonly (readonly [name: string, response: HttpResponse, withKey: string, withoutKey: string])[]
> {
  const good = await antomsAnswer();
  const without = (...names: string[]): HttpResponse => {
    const isGone = (at: number): boolean => names.includes(good.headers[at - (at % 2)] ?? "");
    return { ...good, headers: good.headers.filter((_, at) => !isGone(at)) };
  };
  const withLine = (name: string, value: string): HttpResponse => ({ ...good, headers: [...good.headers, name, value] });
  const other = good.headers.map((part) => (part.startsWith("SANDBOX_") ? "SANDBOX_OTHER" : part));
  return [
    ["one byte of the body changed", { ...good, body: corrupted(body) }, "invalid", "unchecked"],
    ["no signature line", without("Signature"), "invalid", "invalid"],
    ["no response-time line", without("Response-Time"), "invalid", "invalid"],
    [
      "an empty response-time",
      { ...without("Response-Time"), headers: [...without("Response-Time").headers, "response-time", ""] },
      "invalid",
      "invalid",
    ],
    [
      "a signature line without a signature",
      { ...without("Signature"), headers: [...without("Signature").headers, "signature", "algorithm=RSA256"] },
      "invalid",
      "invalid",
    ],
    ["two signature lines", withLine("signature", "x"), "invalid", "invalid"],
    ["two response-time lines", withLine("response-time", time), "invalid", "invalid"],
    ["two client-id lines", withLine("client-id", "SANDBOX_5X00000000000000"), "invalid", "invalid"],
    ["another client id", { ...good, headers: other }, "invalid", "invalid"],
    ["neither line, as Antom sends when the request's own signature failed", without("Signature", "Response-Time"), "missing", "missing"],
  ];
}

t.test(
  "an answer whose signature fails is never signed: it goes through untouched, and with Antom's key nothing is learned from it",
  async (t) => {
    for (const [name, response, expected] of await damagedAnswers()) {
      const sealed = await seal(sealCall(response));
      t.equal(sealed.verdict, expected, name);
      t.equal(sealed.response, response, `${name}: the very same answer`);
      t.equal(sealed.signedContent, undefined, name);
      t.equal(sealed.credible, undefined, name);
    }
  },
);

t.test("without Antom's key an answer is signed again only if its head is whole; one that is unsigned teaches all the same", async (t) => {
  const unchecked = createSeal({ signer: createSigner(ours.privateKey), antomKey: undefined, resign: "all", now: () => nowMs });
  const { response, verdict } = await unchecked(sealCall(await antomsAnswer()));
  t.equal(verdict, "unchecked");
  t.ok(opensslAccepts(ours.publicPem, headerValue(response.headers, "signature") ?? "", signedText(response)));
  for (const [name, answer, , expected] of await damagedAnswers()) {
    const sealed = await unchecked(sealCall(answer));
    t.equal(sealed.verdict, expected, name);
    t.equal(sealed.response === answer, expected !== "unchecked", name);
    t.equal(sealed.credible, expected === "invalid" ? undefined : answer.body, name);
  }
});

t.test("what a fault changed is signed only where Antom's own answer verified, whatever the change", async (t) => {
  const good = await antomsAnswer();
  const changedBody = Buffer.from("changed");
  const changes = { content: changedBody, changed: true } as const;
  const change = (theirs: HttpResponse): SealCall =>
    sealCall({ ...theirs, body: changedBody }, { ...changes, theirs: { response: theirs, content: theirs.body } });
  const sealed = await seal(change(good));
  t.equal(sealed.verdict, "valid");
  const value = headerValue(sealed.response.headers, "signature") ?? "";
  t.ok(opensslAccepts(ours.publicPem, value, signedText(sealed.response)));
  t.notOk(opensslAccepts(ours.publicPem, value, corrupted(signedText(sealed.response))));
  for (const [name, theirs] of await damagedAnswers()) {
    const call = change(theirs);
    t.equal((await seal(call)).response, call.response, name);
  }
});

t.test("an answer in the manner of a machine in between is never signed; Antom's own is judged all the same", async (t) => {
  const call = sealCall(jsonAnswer(body), {
    maker: "intermediary",
    changed: true,
    theirs: { response: await antomsAnswer(), content: body },
  });
  const sealed = await seal(call);
  t.equal(sealed.response, call.response);
  t.same([sealed.verdict, sealed.signedContent], ["valid", undefined]);
});

t.test("the signature covers the content that the SDK sees: a gzip coding is undone first, the bytes sent stay", async (t) => {
  const packed = gzipSync(body);
  const { response, verdict, resultCode } = await seal(
    sealCall(await antomsAnswer({ body: packed, extra: ["Content-Encoding", "gzip"] }), { content: body }),
  );
  t.equal(verdict, "valid");
  t.equal(resultCode, "SUCCESS");
  t.equal(response.body, packed);
  t.ok(opensslAccepts(ours.publicPem, headerValue(response.headers, "signature") ?? "", signedText(response, body)));
});

t.test("an answer in an unknown or damaged content coding goes through untouched, unchecked", async (t) => {
  for (const coding of ["zstd", "gzip"]) {
    const response = await antomsAnswer({ extra: ["content-encoding", coding] });
    const sealed = await seal(sealCall(response, { content: undefined }));
    t.equal(sealed.verdict, "unchecked", coding);
    t.equal(sealed.credible, undefined, coding);
    t.equal(sealed.response, response, coding);
  }
});

t.test("with --resign overridden, an answer that no rule changed keeps Antom's signature; a changed one gets ours", async (t) => {
  const sparing = createSeal({ signer: createSigner(ours.privateKey), antomKey: antom.publicKey, resign: "overridden", now: () => nowMs });
  const answer = await antomsAnswer();
  t.equal((await sparing(sealCall(answer))).response, answer);
  const { response, verdict } = await sparing(sealCall(answer, { changed: true }));
  t.equal(verdict, "valid");
  t.ok(opensslAccepts(ours.publicPem, headerValue(response.headers, "signature") ?? "", signedText(response)));
});

t.test("where a rule answers after the gateway was called, the gateway's own signature is judged all the same", async (t) => {
  const replaced = { ...(await antomsAnswer()), body: corrupted(body) };
  const { verdict } = await seal(ownCall(jsonAnswer(body), { theirs: { response: replaced, content: replaced.body } }));
  t.equal(verdict, "invalid");
});

t.test("meter.uploadEvent is signed in neither direction", async (t) => {
  const call = ownCall(jsonAnswer(body), { identity: identity({ operation: "meter.uploadEvent" }) });
  t.same(headerValues((await seal(call)).response.headers, "signature"), []);
});

t.test("a long body is verified and signed in slices, like any other", async (t) => {
  const long = Buffer.from(JSON.stringify({ result: { resultCode: "SUCCESS" }, text: "x".repeat(700_000) }));
  const answer = await antomsAnswer({ content: long, body: long });
  const { response, verdict, resultCode } = await seal(sealCall(answer));
  t.same([verdict, resultCode], ["valid", "SUCCESS"]);
  const value = headerValue(response.headers, "signature") ?? "";
  t.ok(opensslAccepts(ours.publicPem, value, signedText(response)));
  t.notOk(opensslAccepts(ours.publicPem, value, corrupted(signedText(response))));
  const damaged = { ...answer, body: corrupted(long) };
  t.match(await seal(sealCall(damaged)), { verdict: "invalid", response: damaged });
});

t.test("an answer to a call with an API key needs no signature: unsigned it is unchecked, and stays unsigned", async (t) => {
  const caller = identity({ apiKey: "test" });
  for (const antomKey of [antom.publicKey, undefined]) {
    const sealed = createSeal({ signer: createSigner(ours.privateKey), antomKey, resign: "all", now: () => nowMs });
    const unsigned = await sealed(sealCall(jsonAnswer(body), { identity: caller }));
    t.equal(unsigned.verdict, "unchecked");
    t.same(unsigned.response, jsonAnswer(body), "byte for byte");
    const replaced = await sealed(ownCall(jsonAnswer(body), { identity: caller, theirs: { response: jsonAnswer(body), content: body } }));
    t.equal(replaced.verdict, "unchecked");
  }
  t.equal((await seal(sealCall(jsonAnswer(body)))).verdict, "missing", "a signed call's answer must be signed");
});

t.test("a signed answer to a call with an API key is verified, for the answer's own client id where the key tells none", async (t) => {
  const answer = await antomsAnswer();
  for (const clientId of ["SANDBOX_5X00000000000000", undefined]) {
    const { verdict, response } = await seal(sealCall(answer, { identity: identity({ apiKey: "test", clientId }) }));
    t.equal(verdict, "valid");
    t.equal(headerValue(response.headers, "client-id"), "SANDBOX_5X00000000000000");
    t.ok(opensslAccepts(ours.publicPem, headerValue(response.headers, "signature") ?? "", signedText(response)));
  }
  const forged = { ...answer, body: Buffer.concat([answer.body, Buffer.from(" ")]) };
  t.equal((await seal(sealCall(forged, { identity: identity({ apiKey: "test" }) }))).verdict, "invalid");
});
