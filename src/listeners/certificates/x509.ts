/** X.509 certificates as PEM: jsrsasign encodes the ASN.1, node:crypto creates keys and signatures (jsrsasign signs only 60 times a second). */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import jsrsasign from "jsrsasign";

/** A distinguished name in jsrsasign's form, so that an issuer keeps its subject's exact encoding. */
export type Name = jsrsasign.IdentityResponse | { readonly str: string };

/** Extension in jsrsasign's form. */
export interface Extension {
  readonly extname: string;
  readonly critical?: boolean;
  readonly [property: string]: unknown;
}

export interface CertificatePlan {
  readonly subject: Name;
  readonly issuer: Name;
  readonly publicKey: KeyObject;
  /** The EC P-256 key of the issuer. */
  readonly signingKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly extensions: readonly Extension[];
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const SIGNATURE_ALGORITHM = "SHA256withECDSA";

/** A new EC P-256 key pair (0.03 ms; RSA-2048 takes 100 ms, and twice the CPU for each handshake). */
export function createKeyPair(): KeyPair {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/** The signed certificate as PEM, with a random positive serial number (RFC 5280 §4.1.2.2). */
export function issueCertificate(plan: CertificatePlan): string {
  const tbsobj = new jsrsasign.KJUR.asn1.x509.TBSCertificate({
    version: 3,
    serial: { hex: serialHex() },
    sigalg: SIGNATURE_ALGORITHM,
    issuer: plan.issuer,
    subject: plan.subject,
    notbefore: x509Time(plan.notBeforeMs),
    notafter: x509Time(plan.notAfterMs),
    sbjpubkey: plan.publicKey.export({ type: "spki", format: "pem" }).toString(),
    ext: [...plan.extensions],
  });
  const signature = sign("sha256", Buffer.from(tbsobj.getEncodedHex(), "hex"), plan.signingKey);
  return new jsrsasign.KJUR.asn1.x509.Certificate({ tbsobj, sigalg: SIGNATURE_ALGORITHM, sighex: signature.toString("hex") }).getPEM();
}

/** The key identifier of RFC 5280 §4.2.1.2 (1), in hex: SHA-1 over the point, which ends every P-256 SubjectPublicKeyInfo. */
export function keyIdentifier(publicKey: KeyObject): string {
  const point = publicKey.export({ type: "spki", format: "der" }).subarray(-65);
  return createHash("sha1").update(point).digest("hex");
}

/** 16 bytes: positive, not zero, always of full length. */
function serialHex(): string {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial.toString("hex");
}

/** `YYMMDDhhmmssZ` up to 2049, `YYYYMMDDhhmmssZ` after (RFC 5280 §4.1.2.5). */
function x509Time(ms: number): string {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return digits < "2050" ? digits.slice(2) : digits;
}
