/** Keys on disk: reads those the user names, and makes the proxy's own on the first start. */
import { generateKeyPair, type KeyObject } from "node:crypto";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parsePrivateKey, parsePublicKey } from "../antom/keys.ts";
import { errorCode } from "../base/error-code.ts";
import { keepPrivate } from "../base/keep-private.ts";
import { writeOnce } from "../base/write-once.ts";
import type { Config } from "../config/config.ts";
import { startupError } from "./startup-error.ts";

/** The public key in `file`. Throws a StartupError that names the file and the remedy. */
export async function readPublicKeyFile(file: string, whose: string): Promise<KeyObject> {
  return await readKey(file, parsePublicKey, `give the file with ${whose} public key, as PEM or as the bare base64 of the Dashboard`);
}

/** The private key in `file`. Throws a StartupError. */
export async function readSigningKeyFile(file: string): Promise<KeyObject> {
  return await readKey(file, parsePrivateKey, "give an RSA private key, as PEM or bare base64 (PKCS#8 or PKCS#1)");
}

/** The key that signs every answer: in the file that was named, else in the data folder, where it is made on the first start. */
export async function loadSigningKey({ signingKey, dataDir }: Pick<Config, "signingKey" | "dataDir">): Promise<KeyObject> {
  if (signingKey !== undefined) return await readSigningKeyFile(signingKey);
  return (await readOrMakeSigningKey(join(dataDir, "signing-key.pem"))).key;
}

/** The private key in `file`, made there (RSA-2048, PKCS#8 PEM, mode 0600) when there is none yet. */
export async function readOrMakeSigningKey(file: string): Promise<{ readonly key: KeyObject; readonly made: boolean }> {
  if (await isPresent(file)) {
    await keepPrivate(file);
    return { key: await readSigningKeyFile(file), made: false };
  }
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const made = await writeOnce(file, privateKey.export({ type: "pkcs8", format: "pem" }), 0o600).catch((error: unknown) =>
    failToWrite(file, error),
  );
  // Another process made one in the meantime: theirs is as good as ours.
  return made ? { key: privateKey, made } : { key: await readSigningKeyFile(file), made };
}

function failToWrite(file: string, error: unknown): never {
  const remedy = "name a folder that can be written with `--data-dir`";
  throw startupError("data-dir", file, `the signing key cannot be written (${errorCode(error)})`, remedy);
}

async function readKey(file: string, parse: (text: string) => KeyObject, remedy: string): Promise<KeyObject> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw startupError("key", file, `the key cannot be read (${errorCode(error)})`, remedy);
  });
  try {
    return parse(text);
  } catch (error) {
    throw startupError("key", file, error instanceof Error ? error.message : String(error), remedy);
  }
}

async function isPresent(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    (error: unknown) => errorCode(error) !== "ENOENT" && errorCode(error) !== "ENOTDIR",
  );
}
