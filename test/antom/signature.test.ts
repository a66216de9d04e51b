import { createPrivateKey } from "node:crypto";
import fc from "fast-check";
import t from "tap";
import { contentToSign, createSigner, formatSignature, parseSignature, verifySignature } from "../../src/antom/signature.ts";
import { makeKeys } from "../helpers/keys.ts";
import { corrupted, opensslAccepts } from "../helpers/openssl.ts";

const keys = makeKeys();
const signer = createSigner(keys.privateKey);
const head = { method: "POST", path: "/ams/sandbox/api/v1/payments/pay", clientId: "SANDBOX_5X", time: "2026-11-23T08:00:00+00:00" };
const body = Buffer.from('{"a":"\u00fc\\/"}');

t.test("openssl accepts a signature, and refuses it for a body with one byte changed", async (t) => {
  const value = await signer.sign(head, body);
  const content = contentToSign(head, body);
  t.equal(content.toString(), `POST ${head.path}\nSANDBOX_5X.2026-11-23T08:00:00+00:00.${body.toString()}`);
  t.ok(opensslAccepts(keys.publicPem, value, content));
  t.notOk(opensslAccepts(keys.publicPem, value, corrupted(content)));
  t.notOk(opensslAccepts(makeKeys().publicPem, value, content), "another key's public half");
});

t.test("the header value has the one spelling that every official SDK reads", async (t) => {
  const value = formatSignature(Buffer.from([0xfb, 0xff, 0xfe, 0x01]));
  t.equal(value, "algorithm=RSA256,keyVersion=1,signature=%2B%2F%2F%2BAQ%3D%3D");
  t.equal(formatSignature(Buffer.from([1]), "2"), "algorithm=RSA256,keyVersion=2,signature=AQ%3D%3D");
});

t.test("a signature is read however an SDK spells it, and nothing else is read as one", async (t) => {
  const bytes = Buffer.from([0xfb, 0xff, 0xfe, 0x01]);
  for (const value of [
    "algorithm=RSA256,keyVersion=1,signature=%2B%2F%2F%2BAQ%3D%3D",
    "algorithm=RSA256, keyVersion=1, signature=%2b%2f%2f%2bAQ%3d%3d",
    "algorithm=RSA256,keyVersion=1,signature=+//+AQ==",
    "signature=%2B%2F%2F%2BAQ%3D%3D,algorithm=RSA256",
  ]) {
    t.same(parseSignature(value), bytes, value);
  }
  for (const value of ["", "algorithm=RSA256", "signature=", "signature=%zz", "signature=a b", "signature=ä", "x-signature=AQ=="]) {
    t.equal(parseSignature(value), undefined, JSON.stringify(value));
  }
});

t.test("a known signature verifies: the same key and text always give the same bytes", async (t) => {
  const again = createSigner(createPrivateKey(keys.privateKey.export({ type: "pkcs1", format: "pem" })));
  t.equal(await again.sign(head, body), await signer.sign(head, body));
});

t.test("a canned body is signed once for the same path, client and second, and anew for any other", async (t) => {
  const first = signer.signCanned(head, body);
  t.equal(signer.signCanned({ ...head }, body), first, "the very same promise");
  t.not(signer.signCanned({ ...head, time: "2026-11-23T08:00:01+00:00" }, body), first);
  t.not(signer.signCanned({ ...head, clientId: "SANDBOX_6" }, body), first);
  t.not(signer.signCanned({ ...head, path: `${head.path}?a=1` }, body), first);
  const twin = Buffer.from(body);
  t.not(signer.signCanned(head, twin), first);
  t.equal(await signer.signCanned(head, twin), await first, "and is the same signature all the same");
  t.equal(signer.signCanned(head, body), await first, "a signature that has been made is there at once");
});

t.test("any path, time and body is signed right, and refused with another time", async () => {
  const text = fc.string({
    unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(text, text, fc.uint8Array({ maxLength: 300 }), async (path, time, bytes) => {
      const any = { ...head, path: `/${path}`, time };
      const signed = parseSignature(await signer.sign(any, Buffer.from(bytes)));
      if (signed === undefined) return false;
      const right = verifySignature(any, Buffer.from(bytes), signed, keys.publicKey);
      const wrong = verifySignature({ ...any, time: `${time}x` }, Buffer.from(bytes), signed, keys.publicKey);
      return right && !wrong;
    }),
    { numRuns: 100 },
  );
});
