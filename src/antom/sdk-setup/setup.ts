/** What the set-up text of one SDK is made of, and the quoting that the texts share. */

/** This proxy, as a merchant's program reaches it. */
export interface Endpoint {
  /** `http://127.0.0.1:8080`, without a slash at its end. */
  readonly baseUrl: string;
  /** The same proxy over TLS; undefined where it has no TLS listener. */
  readonly httpsUrl?: string | undefined;
  /** PEM file of the authority that signs the proxy's certificates; undefined without TLS. */
  readonly caFile?: string | undefined;
  /** The proxy's public key as one line of base64 (X.509 SubjectPublicKeyInfo). */
  readonly publicKey: string;
  /** The merchant's client id; undefined: a placeholder is printed. */
  readonly clientId?: string | undefined;
}

/** How to point one SDK at the proxy. `notes` and `obstacle` are single paragraphs of plain text. */
export interface SdkSetup {
  readonly title: string;
  /** Starts a comment in that language: `//` or `#`. */
  readonly comment: string;
  readonly code: string;
  readonly notes: readonly string[];
  /** What keeps this SDK out at that endpoint, and the remedy; undefined where it gets in. */
  readonly obstacle: string | undefined;
}

/** The official SDKs were read at these versions. */
export const SDK_DATE = "2026-08";

const PLACEHOLDER_CLIENT_ID = "SANDBOX_5X00000000000000";

/** The client id to print; sandbox client ids start with `SANDBOX_`. */
export function clientIdOf(endpoint: Endpoint): string {
  return endpoint.clientId ?? PLACEHOLDER_CLIENT_ID;
}

/** A string literal for Java, Go, C#, Python and JavaScript: they share JSON's escapes. */
export function literal(text: string): string {
  return JSON.stringify(text);
}

/** A single-quoted string for PHP. */
export function phpLiteral(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** What holds for every SDK with an upload call; `method` is its name there. */
export function uploadNote(method: string): string {
  return `Image upload (billing.product.uploadImage) goes to another host: call ${method} with this proxy's https address too.`;
}
