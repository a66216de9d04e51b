/** Signing answers: what is signed, and what is not signed twice. */
import t from "tap";
import { createSigner } from "../../src/antom/signature.ts";
import { headerValue } from "../../src/http/headers.ts";
import { createSignAnswer, plainAnswer } from "../../src/sandbox/signed-answer.ts";
import { request } from "../helpers/call-record.ts";
import { makeKeys } from "../helpers/keys.ts";
import { corrupted, opensslAccepts } from "../helpers/openssl.ts";

const keys = makeKeys();
const reply = { result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "ü" } } as const;
const nowMs = Date.UTC(2026, 10, 23, 8, 0, 0, 999);

t.test("the signature covers path, client, time and the body's bytes", async (t) => {
  const asked = request();
  const { headers, body, status } = await createSignAnswer(createSigner(keys.privateKey))(asked, reply, nowMs);
  const signature = headerValue(headers, "signature") ?? "";
  const text = Buffer.concat([
    Buffer.from(`POST ${asked.path}\n${headerValue(asked.headers, "client-id")}.2026-11-23T08:00:00+00:00.`),
    body,
  ]);
  t.equal(status, 200);
  t.ok(opensslAccepts(keys.publicPem, signature, text));
  t.notOk(opensslAccepts(keys.publicPem, signature, corrupted(text)));
  t.equal(headerValue(headers, "content-length"), String(body.length));
});

t.test("an answer given before is handed to the signer as the same body, a long one is not remembered", async (t) => {
  const signed: [string, Buffer][] = [];
  const signAnswer = createSignAnswer({
    sign: async (_head, body) => String(signed.push(["fresh", body])),
    signCanned: async (_head, body) => String(signed.push(["canned", body])),
  });
  for (let count = 0; count < 3; count += 1) await signAnswer(request(), reply, nowMs);
  t.same(
    signed.map(([kind]) => kind),
    ["fresh", "canned", "canned"],
  );
  t.equal(signed[1]?.[1], signed[2]?.[1]);
  const long = { ...reply, filler: "x".repeat(5000) };
  for (let count = 0; count < 2; count += 1) await signAnswer(request(), long, nowMs);
  t.same(
    signed.slice(3).map(([kind]) => kind),
    ["fresh", "fresh"],
  );
});

t.test("a plain answer has none of the three lines", async (t) => {
  const { headers, body } = plainAnswer(reply);
  t.same(headers, ["content-type", "application/json; charset=UTF-8", "content-length", String(body.length)]);
});
