/** RSA keys made once a test process; nothing is stored. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { publicKeyForms } from "../../src/antom/keys.ts";

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicPem: string;
}

/** A fresh RSA-2048 pair. */
export function makeKeys(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { privateKey, publicKey, publicPem: publicKeyForms(publicKey).pem };
}
