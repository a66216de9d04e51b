/** File uploads: which part of a multipart body is signed. */
import t from "tap";
import { signedPart } from "../../src/sandbox/signed-part.ts";
import { startSandbox } from "../../src/sandbox/start-sandbox.ts";
import { createMerchant } from "../helpers/merchant.ts";

const type = "multipart/form-data; boundary=----AntomBoundary1";
const json = '{"productId":"p","fileSha256":"00"}';

function part(name: string, content: string): string {
  return `------AntomBoundary1\r\nContent-Disposition: form-data; name="${name}"; filename="f"\r\nContent-Type: x\r\n\r\n${content}\r\n`;
}

const upload = `${part("file", "\u0000body\r\n\r\n")}${part("body", json)}${part("imageFile", "x")}------AntomBoundary1--\r\n`;

t.test("the part named `body` is found wherever it stands, byte for byte", async (t) => {
  t.equal(signedPart(type, Buffer.from(upload))?.toString(), json);
  t.equal(signedPart(type.replace("----AntomBoundary1", '"----AntomBoundary1"'), Buffer.from(upload))?.toString(), json);
  t.equal(signedPart(type, Buffer.from(`${part("body", "")}------AntomBoundary1--`))?.toString(), "");
});

t.test("other types are signed whole; a broken or other multipart body has no such part", async (t) => {
  t.equal(signedPart("application/json", Buffer.from(json))?.toString(), json);
  for (const body of [
    "",
    "------AntomBoundary1",
    part("file", "x"),
    `${part("file", "x")}------AntomBoundary1--`,
    part("body", json).slice(0, -2),
  ]) {
    t.equal(signedPart(type, Buffer.from(body)), undefined, JSON.stringify(body.slice(0, 60)));
  }
  t.equal(signedPart("multipart/form-data", Buffer.from("x")), undefined, "no boundary");
});

t.test("an upload is accepted by the signature over its JSON part, and refused when that part was changed", async (t) => {
  const merchant = createMerchant();
  const sandbox = await startSandbox({ merchantPublicKey: merchant.keys.publicKey });
  t.teardown(() => sandbox.stop());
  const changes = { path: "/ams/sandbox/api/v1/billing/product/uploadImage", headers: { "content-type": type } };
  const came = await merchant.call(sandbox.origin, "", json, { ...changes, sent: upload });
  t.match(came.json, { result: { resultCode: "SUCCESS" }, productId: "p" });
  const forged = await merchant.call(sandbox.origin, "", json, { ...changes, sent: upload.replace('"p"', '"q"') });
  t.equal(forged.json.result.resultCode, "INVALID_SIGNATURE");
  const partless = await merchant.call(sandbox.origin, "", json, { ...changes, sent: "nothing" });
  t.match(partless.json.result, { resultCode: "PARAM_ILLEGAL", resultMessage: /part `body`/ });
});
