import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readOrMakeSigningKey, readPublicKeyFile, readSigningKeyFile } from "../../src/app/key-files.ts";
import { makeKeys } from "../helpers/keys.ts";

const keys = makeKeys();
const pem = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

t.test("the signing key is made once, readable by its owner alone, and read again afterwards", async (t) => {
  const file = join(t.testdir(), "deep", "er", "signing-key.pem");
  const first = await readOrMakeSigningKey(file);
  t.ok(first.made);
  t.equal(first.key.asymmetricKeyDetails?.modulusLength, 2048);
  t.equal(statSync(file).mode & 0o777, 0o600);
  const second = await readOrMakeSigningKey(file);
  t.notOk(second.made);
  t.ok(second.key.equals(first.key));
});

t.test("a key that others can read is made private again", async (t) => {
  const file = join(t.testdir({ "key.pem": pem }), "key.pem");
  chmodSync(file, 0o644);
  t.ok((await readOrMakeSigningKey(file)).key.equals(keys.privateKey));
  t.equal(statSync(file).mode & 0o777, 0o600);
});

t.test("two processes that start at once agree on one key", async (t) => {
  const file = join(t.testdir(), "signing-key.pem");
  const made = await Promise.all(Array.from({ length: 4 }, () => readOrMakeSigningKey(file).catch((error: Error) => error)));
  const kept = readFileSync(file, "utf8");
  const right = made.flatMap((one) => (one instanceof Error ? [] : [one]));
  t.ok(right.length >= 1);
  for (const { key } of right) t.equal(key.export({ type: "pkcs8", format: "pem" }), kept);
});

t.test("a key that cannot be read is one clear line that names the file and the remedy", async (t) => {
  const folder = t.testdir({ "junk.pem": "junk!", "private.pem": pem, "public.pem": keys.publicPem });
  const at = (name: string): string => join(folder, name);
  await t.rejects(readPublicKeyFile(at("none.pem"), "Antom's"), {
    trouble: "key",
    message: /none\.pem: the key cannot be read \(ENOENT\); give .*Antom's/,
  });
  await t.rejects(readPublicKeyFile(at("private.pem"), "Antom's"), { message: /this is a private key/ });
  await t.rejects(readSigningKeyFile(at("public.pem")), { message: /this is a public key/ });
  await t.rejects(readSigningKeyFile(at("junk.pem")), { message: /neither PEM nor base64/ });
  writeFileSync(at("signing-key.pem"), "");
  await t.rejects(readOrMakeSigningKey(at("signing-key.pem")), { message: /it is empty/ }, "an empty file is not written over");
});

t.test("a data folder that cannot be written is a trouble of its own", async (t) => {
  const folder = t.testdir({ file: "no folder" });
  await t.rejects(readOrMakeSigningKey(join(folder, "file", "signing-key.pem")), {
    message: /the signing key cannot be written \(\w+\); name a folder/,
  });
});
