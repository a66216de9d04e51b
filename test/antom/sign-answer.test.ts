import { gzipSync } from "node:zlib";
import t from "tap";
import { jsonAnswer, resultBody } from "../../src/antom/answer.ts";
import { createSeal } from "../../src/antom/sign-answer.ts";
import { contentToSign, createSigner } from "../../src/antom/signature.ts";
import { headerValue, headerValues } from "../../src/http/headers.ts";
import type { HttpResponse } from "../../src/http/message.ts";
import type { SealCall } from "../../src/ports.ts";
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

function sealCall(response: HttpResponse, changes: Partial<SealCall> = {}): SealCall {
  return { request: request(), identity: identity(), response, from: "gateway", changed: false, ...changes };
}

function signedText(answer: HttpResponse, content: Buffer = answer.body): Buffer {
  const responseTime = headerValue(answer.headers, "response-time") ?? "";
  const clientId = headerValue(answer.headers, "client-id") ?? "";
  return contentToSign({ method: "POST", path: request().path, clientId, time: responseTime }, content);
}

t.test("an answer of the proxy's own is signed with its key, in lower-case lines that stand once each", async (t) => {
  const { response, resultCode, verdict } = await seal(sealCall(jsonAnswer(body), { from: "proxy", changed: true }));
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

t.test("an answer whose signature fails is never signed: it goes through untouched", async (t) => {
  const good = await antomsAnswer();
  const without = (name: string): HttpResponse => {
    const at = good.headers.indexOf(name);
    return { ...good, headers: good.headers.filter((_, index) => index !== at && index !== at + 1) };
  };
  const table: readonly [string, HttpResponse, string][] = [
    ["one byte of the body changed", { ...good, body: corrupted(body) }, "invalid"],
    ["no signature line", without("Signature"), "invalid"],
    ["no response-time line", without("Response-Time"), "invalid"],
    ["two signature lines", { ...good, headers: [...good.headers, "signature", "x"] }, "invalid"],
    [
      "another client id",
      { ...good, headers: good.headers.map((part) => (part.startsWith("SANDBOX_") ? "SANDBOX_OTHER" : part)) },
      "invalid",
    ],
    ["neither line, as Antom sends when the request's own signature failed", jsonAnswer(body), "missing"],
  ];
  for (const [name, response, expected] of table) {
    const sealed = await seal(sealCall(response));
    t.equal(sealed.verdict, expected, name);
    t.equal(sealed.response, response, `${name}: the very same answer`);
  }
});

t.test("without Antom's key a signed answer is signed again unchecked, and says so", async (t) => {
  const unchecked = createSeal({ signer: createSigner(ours.privateKey), antomKey: undefined, resign: "all", now: () => nowMs });
  const { response, verdict } = await unchecked(sealCall(await antomsAnswer()));
  t.equal(verdict, "unchecked");
  t.ok(opensslAccepts(ours.publicPem, headerValue(response.headers, "signature") ?? "", signedText(response)));
});

t.test("the signature covers the content that the SDK sees: a gzip coding is undone first, the bytes sent stay", async (t) => {
  const packed = gzipSync(body);
  const { response, verdict, resultCode } = await seal(sealCall(await antomsAnswer({ body: packed, extra: ["Content-Encoding", "gzip"] })));
  t.equal(verdict, "valid");
  t.equal(resultCode, "SUCCESS");
  t.equal(response.body, packed);
  t.ok(opensslAccepts(ours.publicPem, headerValue(response.headers, "signature") ?? "", signedText(response, body)));
});

t.test("an answer in an unknown or damaged content coding goes through untouched, unchecked", async (t) => {
  for (const coding of ["zstd", "gzip"]) {
    const response = await antomsAnswer({ extra: ["content-encoding", coding] });
    const sealed = await seal(sealCall(response));
    t.equal(sealed.verdict, "unchecked", coding);
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
  const { verdict } = await seal(sealCall(jsonAnswer(body), { from: "proxy", changed: true, replaced }));
  t.equal(verdict, "invalid");
});

t.test("meter.uploadEvent is signed in neither direction", async (t) => {
  const call = sealCall(jsonAnswer(body), { from: "proxy", changed: true, identity: identity({ operation: "meter.uploadEvent" }) });
  t.same(headerValues((await seal(call)).response.headers, "signature"), []);
});

t.test("an answer to a call with an API key needs no signature: unsigned it is unchecked, and stays unsigned", async (t) => {
  const caller = identity({ apiKey: "test" });
  for (const antomKey of [antom.publicKey, undefined]) {
    const sealed = createSeal({ signer: createSigner(ours.privateKey), antomKey, resign: "all", now: () => nowMs });
    const unsigned = await sealed(sealCall(jsonAnswer(body), { identity: caller }));
    t.equal(unsigned.verdict, "unchecked");
    t.same(unsigned.response, jsonAnswer(body), "byte for byte");
    const replaced = await sealed(sealCall(jsonAnswer(body), { identity: caller, from: "proxy", replaced: jsonAnswer(body) }));
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
