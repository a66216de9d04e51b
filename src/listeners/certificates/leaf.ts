/** Issues a server certificate for one name, with a short validity. */

import { BACKDATE_MS, type Ca } from "./ca.ts";
import { alternativeName } from "./constraints.ts";
import { createKeyPair, issueCertificate, keyIdentifier } from "./x509.ts";

export interface Leaf {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly notAfterMs: number;
}

/** 90 days, like public CAs; below every client's limit. */
const VALIDITY_MS = 90 * 24 * 3600_000;
/** Contains no host name, because OpenSSL would check it against the CA's name constraints. Clients read only the alternative names (RFC 9525 §6.3). */
const SUBJECT = { str: "/O=antom-fault-proxy/CN=antom-fault-proxy server" };

/** Issues a leaf for `hosts` (lower-case names and addresses) that expires no later than its CA. Clients check whether the CA allows them. */
export function issueLeaf(ca: Ca, hosts: readonly string[], nowMs: number): Leaf {
  const { publicKey, privateKey } = createKeyPair();
  const notBeforeMs = Math.max(nowMs - BACKDATE_MS, ca.notBeforeMs);
  const notAfterMs = Math.min(notBeforeMs + VALIDITY_MS, ca.notAfterMs);
  const certificatePem = issueCertificate({
    subject: SUBJECT,
    issuer: ca.subject,
    publicKey,
    signingKey: ca.key,
    notBeforeMs,
    notAfterMs,
    extensions: [
      { extname: "basicConstraints", critical: true },
      { extname: "keyUsage", critical: true, names: ["digitalSignature"] },
      { extname: "extKeyUsage", array: ["serverAuth"] },
      { extname: "subjectAltName", array: hosts.map(alternativeName) },
      { extname: "authorityKeyIdentifier", kid: { hex: ca.keyIdentifier } },
      { extname: "subjectKeyIdentifier", kid: { hex: keyIdentifier(publicKey) } },
    ],
  });
  return { certificatePem, keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), notAfterMs };
}
