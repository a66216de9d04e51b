/** API keys of Antom's API-key clients (all five official SDKs since 2026-09): `isak_…` standard and `irak_…` restricted, for TEST or PROD. */

/** A parsed `Authorization` header. */
export interface ApiKey {
  /** The environment of the key: TEST or PROD. */
  readonly kind: "test" | "production";
  /** The client id in the key (base64 between its second and its last `_`); undefined when it cannot be decoded. For matching, display and signing only. */
  readonly clientId: string | undefined;
}

/** The token alphabet of RFC 6750 §2.1, after one space; the scheme is case-insensitive. */
const BEARER = /^[Bb][Ee][Aa][Rr][Ee][Rr] (i[sr]ak_(TEST|PROD)_[A-Za-z0-9._~+/=-]+)$/;
const CLIENT_ID = /^[\w.-]{1,64}$/;

/** The key in an `Authorization` value; undefined for any other value, including spellings of a key that a server might parse differently. */
export function readApiKey(authorization: string): ApiKey | undefined {
  const [, key = "", kind] = BEARER.exec(authorization) ?? [];
  if (kind === "TEST") return { kind: "test", clientId: clientIdIn(key) };
  return kind === "PROD" ? { kind: "production", clientId: clientIdIn(key) } : undefined;
}

function clientIdIn(key: string): string | undefined {
  const from = key.indexOf("_", key.indexOf("_") + 1) + 1;
  const encoded = key.slice(from, Math.max(from, key.lastIndexOf("_"))).replace(/=+$/, "");
  const bytes = Buffer.from(encoded, "base64");
  const text = bytes.toString("latin1");
  // Buffer.from skips invalid base64; only valid base64 encodes back to the same text.
  const isWhole = bytes.toString("base64url") === encoded.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return isWhole && CLIENT_ID.test(text) ? text : undefined;
}
