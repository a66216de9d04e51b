import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { parsePrivateKey, parsePublicKey, publicKeyForms } from "../../src/antom/keys.ts";
import { makeKeys } from "../helpers/keys.ts";
import { needs } from "../helpers/programs.ts";

const keys = makeKeys();
const { pem, base64 } = publicKeyForms(keys.publicKey);

t.test("a public key is read in every form that dashboards and openssl hand out", async (t) => {
  const pkcs1Pem = keys.publicKey.export({ type: "pkcs1", format: "pem" }).toString();
  const pkcs1 = keys.publicKey.export({ type: "pkcs1", format: "der" }).toString("base64");
  const wrapped = base64.replaceAll(/(.{64})/g, "$1\r\n");
  for (const form of [pem, base64, ` ${base64}\n`, wrapped, pkcs1Pem, pkcs1])
    t.ok(parsePublicKey(form).equals(keys.publicKey), form.slice(0, 30));
});

t.test("a public key is read out of an X.509 certificate that openssl made, as PEM and as bare base64", needs("openssl"), async (t) => {
  const folder = t.testdir();
  const keyFile = join(folder, "key.pem");
  writeFileSync(keyFile, keys.privateKey.export({ type: "pkcs8", format: "pem" }));
  const run = spawnSync("openssl", ["req", "-x509", "-key", keyFile, "-subj", "/CN=antom", "-out", join(folder, "cert.pem")]);
  t.equal(run.status, 0, run.stderr.toString());
  const certificate = readFileSync(join(folder, "cert.pem"), "utf8");
  t.ok(parsePublicKey(certificate).equals(keys.publicKey));
  t.ok(parsePublicKey(certificate.replaceAll(/-----.*-----/g, "")).equals(keys.publicKey));
});

t.test("a private key is read as PKCS#8 and PKCS#1, PEM and bare base64", async (t) => {
  for (const type of ["pkcs8", "pkcs1"] as const) {
    const text = keys.privateKey.export({ type, format: "pem" }).toString();
    const der = keys.privateKey.export({ type, format: "der" }).toString("base64");
    t.ok(parsePrivateKey(text).equals(keys.privateKey), `${type} PEM`);
    t.ok(parsePrivateKey(der).equals(keys.privateKey), `${type} base64`);
  }
});

t.test("what is no such key is refused with the reason, and the message never repeats the text", async (t) => {
  const secret = keys.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
  const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }).toString();
  const table: readonly [string, RegExp][] = [
    ["", /it is empty/],
    ["not a key!", /neither PEM nor base64/],
    ["AAAA", /holds no public key/],
    [secret, /this is a private key/],
    [keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), /this is a private key/],
    ["-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", /PEM block is damaged/],
    [elliptic, /type `ec`; Antom signs with RSA/],
  ];
  for (const [text, message] of table) {
    t.throws(() => parsePublicKey(text), { message }, String(message));
  }
  t.throws(() => parsePrivateKey(pem), { message: /this is a public key/ });
  t.throws(() => parsePrivateKey(base64), { message: /holds no private key/ });
  const locked = keys.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }).toString();
  t.throws(() => parsePrivateKey(locked), { message: /passphrase/ });
  try {
    parsePublicKey(secret);
  } catch (error) {
    t.notOk(String(error).includes(secret.slice(20, 60)));
  }
});

t.test("the public half is given as PEM and as the bare base64 that SDKs take, from either half", async (t) => {
  t.same(publicKeyForms(keys.privateKey), { pem, base64 });
  t.match(pem, /^-----BEGIN PUBLIC KEY-----\n/);
  t.match(base64, /^MII[A-Za-z0-9+/]+=*$/);
});
