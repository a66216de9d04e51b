import { generateKeyPairSync } from "node:crypto";
import t from "tap";
import { publicKeyForms } from "../../src/antom/keys.ts";
import { createSeal } from "../../src/antom/sign-answer.ts";
import { contentToSign, createSigner } from "../../src/antom/signature.ts";
import { signatureFault } from "../../src/antom/signature-fault.ts";
import { headerValue, headerValues } from "../../src/http/headers.ts";
import type { HttpResponse } from "../../src/http/message.ts";
import { identity, request, response } from "../helpers/call-record.ts";
import { corrupted, opensslAccepts } from "../helpers/openssl.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 8);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { pem } = publicKeyForms(privateKey);
const seal = createSeal({ signer: createSigner(privateKey), antomKey: undefined, resign: "all", now: () => NOW_MS });

async function spoilt(word: string, answer: HttpResponse = response()): Promise<HttpResponse> {
  const compiled = signatureFault.compile(word, { operations: ["pay"], allowUnknown: false });
  if (compiled.kind === "bad") throw new Error(compiled.mistakes[0]?.message);
  const [effect] = compiled.value.effects({ request: request(), nowMs: NOW_MS, random: () => 0 });
  const own = { response: answer, content: answer.body, maker: "proxy", theirs: undefined, changed: true } as const;
  const { response: sealed, signedContent = Buffer.alloc(0) } = await seal({ request: request(), identity: identity(), ...own });
  return effect?.kind === "tamper" ? await effect.spoil(sealed, { request: request(), signedContent }) : sealed;
}

/** Whether openssl takes the answer for one of our key, as an SDK puts the text together. */
function isAccepted(answer: HttpResponse, clientId = headerValue(answer.headers, "client-id") ?? ""): boolean {
  const { method, path } = request();
  const content = contentToSign({ method, path, clientId, time: headerValue(answer.headers, "response-time") ?? "" }, answer.body);
  const signature = headerValue(answer.headers, "signature") ?? "";
  const accepted = opensslAccepts(pem, signature, content);
  if (accepted) t.notOk(opensslAccepts(pem, signature, corrupted(content)), "its corrupted twin is refused");
  return accepted;
}

t.test("missing: no signature line, the rest as it was", async (t) => {
  const { headers } = await spoilt("missing");
  t.same(headerValues(headers, "signature"), []);
  t.ok(headerValue(headers, "response-time"));
  t.ok(headerValue(headers, "client-id"));
});

for (const word of ["corrupt", "stale", "wrong-key", "wrong-client-id"]) {
  t.test(`${word}: looks right and is refused`, async (t) => {
    const answer = await spoilt(word);
    t.match(headerValue(answer.headers, "signature"), /^algorithm=RSA256,keyVersion=1,signature=[A-Za-z0-9%]+$/);
    t.equal(isAccepted(answer), false);
    t.same(answer.body, response().body);
  });
}

t.test("stale: dated an hour back, in Antom's spelling", async (t) => {
  t.equal(headerValue((await spoilt("stale")).headers, "response-time"), "2026-11-23T07:00:00+00:00");
});

t.test("wrong-client-id: whoever verifies with its own client id accepts it", async (t) => {
  const answer = await spoilt("wrong-client-id");
  t.not(headerValue(answer.headers, "client-id"), identity().clientId);
  t.equal(isAccepted(answer, identity().clientId), true);
});

t.test("wrong-key: one key for all answers of the fault, another for the next", async (t) => {
  const one = headerValue((await spoilt("wrong-key")).headers, "signature");
  t.not(one, headerValue((await spoilt("wrong-key")).headers, "signature"));
});

t.test("raw-base64: the right signature, not URL-encoded", async (t) => {
  const { headers, body } = await spoilt("raw-base64");
  const raw = /signature=([A-Za-z0-9+/]{342}==)$/.exec(headerValue(headers, "signature") ?? "")?.[1] ?? "";
  const encoded = headers.map((value, index) =>
    headers[index - 1] === "signature" ? `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(raw)}` : value,
  );
  t.equal(isAccepted({ status: 200, headers: encoded, body }), true);
});

t.test("capitalised: the right lines under the docs' names", async (t) => {
  const answer = await spoilt("capitalised");
  t.same(
    answer.headers.filter((name, index) => index % 2 === 0 && /^(signature|client-id|response-time)$/i.test(name)),
    ["Client-Id", "Response-Time", "Signature"],
  );
  t.equal(isAccepted(answer), true);
});

t.test("wrong-key spoils an answer whose content is not its body too", async (t) => {
  const content = Buffer.from("what was signed");
  const compiled = signatureFault.compile("wrong-key", { operations: ["pay"], allowUnknown: false });
  const [effect] = compiled.kind === "ok" ? compiled.value.effects({ request: request(), nowMs: 0, random: () => 0 }) : [];
  const headers = ["content-encoding", "x", "client-id", "A", "response-time", "B", "signature", "algorithm=RSA256,signature=eA%3D%3D"];
  const sealed = response({ headers });
  const spoiled = effect?.kind === "tamper" ? await effect.spoil(sealed, { request: request(), signedContent: content }) : sealed;
  t.notMatch(headerValue(spoiled.headers, "signature"), /eA%3D%3D/);
});

t.test("a word that is none is answered with the nearest", async (t) => {
  t.match(signatureFault.compile("mising", { operations: undefined, allowUnknown: false }), {
    kind: "bad",
    mistakes: [{ message: /`signature` takes one of `missing`, .* not the text `mising`/, remedy: "did you mean `missing`?" }],
  });
});
