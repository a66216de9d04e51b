/** Parses RSA keys in every form that SDKs, dashboards and openssl produce. */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";

/** The two spellings of a public key that SDKs accept. */
export interface PublicKeyForms {
  /** `-----BEGIN PUBLIC KEY-----` (X.509 SubjectPublicKeyInfo). */
  readonly pem: string;
  /** The same DER as one line of base64, as shown in Antom's Dashboard and accepted by the SDKs. */
  readonly base64: string;
}

/**
 * Parses an RSA public key: PEM (PUBLIC KEY, RSA PUBLIC KEY, CERTIFICATE) or bare base64 of the same DER, in one or more lines.
 * Throws an Error that describes what was found instead and never contains the text.
 */
export function parsePublicKey(text: string): KeyObject {
  if (/PRIVATE KEY/.test(text)) throw new Error("this is a private key; the public key is needed here");
  const key = isPem(text) ? fromPem(() => createPublicKey(text)) : publicFromDer(derOf(text));
  return rsaOnly(key);
}

/** Parses an RSA private key: PEM (PRIVATE KEY, RSA PRIVATE KEY) or bare base64 of PKCS#8 or PKCS#1 DER. Throws like parsePublicKey. */
export function parsePrivateKey(text: string): KeyObject {
  if (/PUBLIC KEY|CERTIFICATE/.test(text)) throw new Error("this is a public key; the private key is needed here");
  if (/ENCRYPTED/.test(text))
    throw new Error("this key is protected by a passphrase; remove it with `openssl pkey -in <file> -out <file>`");
  const key = isPem(text) ? fromPem(() => createPrivateKey(text)) : privateFromDer(derOf(text));
  return rsaOnly(key);
}

/** The public half of `key` (public or private) in the forms that SDKs accept. */
export function publicKeyForms(key: KeyObject): PublicKeyForms {
  const publicKey = key.type === "public" ? key : createPublicKey(key);
  return {
    pem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    base64: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
  };
}

function isPem(text: string): boolean {
  return text.includes("-----BEGIN ");
}

function fromPem(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (cause) {
    throw new Error("the PEM block is damaged or of an unknown kind", { cause });
  }
}

function derOf(text: string): Buffer {
  const base64 = text.replaceAll(/\s+/g, "");
  if (base64 === "") throw new Error("it is empty");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Error("it is neither PEM nor base64");
  return Buffer.from(base64, "base64");
}

function publicFromDer(der: Buffer): KeyObject {
  const readers = [
    () => createPublicKey({ key: der, format: "der", type: "spki" }),
    () => createPublicKey({ key: der, format: "der", type: "pkcs1" }),
    () => new X509Certificate(der).publicKey,
  ];
  // node:crypto derives a public key from a private one, which would hide a mistake here.
  if (firstThatReads(privateReaders(der)) !== undefined) throw new Error("this is a private key; the public key is needed here");
  const key = firstThatReads(readers);
  if (key !== undefined) return key;
  throw new Error("the base64 holds no public key (X.509 SubjectPublicKeyInfo, PKCS#1 or a certificate)");
}

function privateFromDer(der: Buffer): KeyObject {
  const key = firstThatReads(privateReaders(der));
  if (key === undefined) throw new Error("the base64 holds no private key (PKCS#8 or PKCS#1)");
  return key;
}

function privateReaders(der: Buffer): (() => KeyObject)[] {
  return [
    () => createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
    () => createPrivateKey({ key: der, format: "der", type: "pkcs1" }),
  ];
}

function firstThatReads(readers: readonly (() => KeyObject)[]): KeyObject | undefined {
  for (const read of readers) {
    try {
      return read();
    } catch {
      // Another format: the next reader tries it.
    }
  }
  return undefined;
}

function rsaOnly(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== "rsa") throw new Error(`it is a key of type \`${key.asymmetricKeyType}\`; Antom signs with RSA`);
  return key;
}
