/** The certificate authority of one installation. Clients trust it, so its certificate allows only a few names. */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import jsrsasign from "jsrsasign";
import { type Constraint, constraintFor, constraintName, localConstraints, readConstraint } from "./constraints.ts";
import { createKeyPair, issueCertificate, keyIdentifier, type Name } from "./x509.ts";

export interface Ca {
  /** The certificate for clients to trust; contains no secret. */
  readonly certificatePem: string;
  readonly key: KeyObject;
  readonly subject: Name;
  /** Hex, for the authority key identifier of leaves. */
  readonly keyIdentifier: string;
  readonly permitted: readonly Constraint[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const DAY_MS = 24 * 3600_000;
/** Two years: rarely renewed, but limited to the life of a project. */
const VALIDITY_MS = 730 * DAY_MS;
/** Tolerance for clients whose clock is behind. */
export const BACKDATE_MS = 3600_000;

/** A new EC P-256 key for a CA. */
export function createCaKey(): KeyObject {
  return createKeyPair().privateKey;
}

/**
 * Creates a CA for `hosts` (lower-case names and addresses) and this machine's own names, valid from an hour ago for two years; with a new key unless
 * one is given.
 */
export function createCa(
  hosts: readonly string[],
  nowMs: number,
  privateKey: KeyObject = createCaKey(),
): { readonly ca: Ca; readonly keyPem: string } {
  const publicKey = createPublicKey(privateKey);
  const identifier = keyIdentifier(publicKey);
  const subject = { str: `/O=antom-fault-proxy/CN=antom-fault-proxy CA ${identifier.slice(0, 8)}` };
  const permitted = [...localConstraints, ...hosts.map(constraintFor)];
  const notBeforeMs = nowMs - BACKDATE_MS;
  const certificatePem = issueCertificate({
    subject,
    issuer: subject,
    publicKey,
    signingKey: privateKey,
    notBeforeMs,
    notAfterMs: notBeforeMs + VALIDITY_MS,
    extensions: [
      { extname: "basicConstraints", critical: true, cA: true, pathLen: 0 },
      { extname: "keyUsage", critical: true, names: ["keyCertSign", "cRLSign"] },
      { extname: "nameConstraints", critical: true, permit: permitted.map(constraintName) },
      { extname: "subjectKeyIdentifier", kid: { hex: identifier } },
    ],
  });
  return { ca: caOf(certificatePem, privateKey), keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** Parses a CA from two PEM texts. Throws an Error with a reason when they are not a P-256 CA, not a pair, or without name constraints. */
export function readCa(certificatePem: string, keyPem: string): Ca {
  return caOf(certificatePem, createPrivateKey(keyPem));
}

function caOf(certificatePem: string, key: KeyObject): Ca {
  const certificate = new X509Certificate(certificatePem);
  if (!certificate.checkPrivateKey(key)) throw new Error("the key does not belong to the certificate");
  if (!certificate.ca) throw new Error("the certificate is not a CA's");
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") throw new Error("the key is not an EC P-256 key");
  const parsed = new jsrsasign.X509(certificatePem);
  const permitted = readPermitted(parsed.getExtNameConstraints());
  if (permitted.length === 0) throw new Error("the certificate has no name constraints");
  return {
    certificatePem,
    key,
    subject: parsed.getSubject(),
    keyIdentifier: keyIdentifier(certificate.publicKey),
    permitted,
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
  };
}

/** jsrsasign returns undefined when the extension is absent, contrary to its types. */
function readPermitted(extension: unknown): Constraint[] {
  if (typeof extension !== "object" || extension === null || !("permit" in extension) || !Array.isArray(extension.permit)) return [];
  return extension.permit.map(readConstraint).filter((constraint) => constraint !== undefined);
}
