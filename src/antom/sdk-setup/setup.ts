/** Types and texts that the set-ups of all SDKs share. */
import { shellWord } from "../../base/shell-word.ts";

/** The proxy's addresses and key, as a merchant's program needs them. */
export interface Endpoint {
  /** `http://127.0.0.1:8080`, without a trailing slash. */
  readonly baseUrl: string;
  /** The same proxy over TLS; undefined without a TLS listener. */
  readonly httpsUrl?: string | undefined;
  /** PEM file of the authority that signs the proxy's certificates; undefined without TLS. */
  readonly caFile?: string | undefined;
  /** The proxy's public key as one line of base64 (X.509 SubjectPublicKeyInfo). */
  readonly publicKey: string;
  /** The merchant's client id; undefined: a placeholder is printed. */
  readonly clientId?: string | undefined;
}

/** How to configure one SDK for the proxy. `notes` and `obstacle` are single paragraphs of plain text. */
export interface SdkSetup {
  readonly title: string;
  /** The comment prefix in that language: `//` or `#`. */
  readonly comment: string;
  readonly code: string;
  readonly notes: readonly string[];
  /** Why this SDK cannot reach that endpoint, and the remedy; undefined when it can. */
  readonly obstacle: string | undefined;
}

/** The official SDKs were read at their versions of 2026-08; relevant changes of 2026-09 are mentioned. */
export const SDK_DATE = "2026-09";

/** For incomplete code, which needs a key and a surrounding project. */
export const FRAGMENT = "A fragment: put it where your program makes its client; it does not run by itself.";

/** For every client that verifies with a key, until the proxy relays notifications. */
export const WEBHOOK_NOTE =
  "Give the proxy's key to this client alone. Notifications still come from Antom, signed with Antom's own key: where your webhook verifies them, keep that key.";

/** For Python and PHP since 2026-09. */
export const UNSIGNED_NOTE =
  "Releases since 2026-09 refuse an unsigned answer with status S, and one with only one of signature and response-time; they take an unsigned F or U.";

const PLACEHOLDER_CLIENT_ID = "SANDBOX_5X00000000000000";

/** The client id to print; sandbox client ids start with `SANDBOX_`. */
export function clientIdOf(endpoint: Endpoint): string {
  return endpoint.clientId ?? PLACEHOLDER_CLIENT_ID;
}

/** A string literal for Java, Go, C#, Python and JavaScript, which share JSON's escapes. */
export function literal(text: string): string {
  return JSON.stringify(text);
}

/** A single-quoted string for PHP. */
export function phpLiteral(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** For every SDK with an upload call; `method` is its name in that SDK. */
export function uploadNote(method: string): string {
  return `Image upload (billing.product.uploadImage) goes to another host: pass this proxy's https address to ${method} too. In every SDK, it and meter.uploadEvent check the certificate, so trust the CA.`;
}

/** How to configure the client with an API key; `since` is the SDK's first release with one, `trust` how it trusts a CA. */
export function apiKeyNote({ httpsUrl }: Endpoint, since: string, trust: string): string {
  const gateway = httpsUrl === undefined ? "this proxy's https address (it has none yet)" : httpsUrl;
  return `With an API key (${since}): the gateway is ${gateway}, the key your TEST key (isak_TEST_… or irak_TEST_…); a PROD key is refused. That client signs and verifies nothing, so no public key is needed, but it checks certificates: ${trust}.`;
}

/** The environment variable that makes OpenSSL, Go and .NET on Linux trust the CA. */
export function certFileTrust({ caFile }: Endpoint): string {
  return `trust this proxy's CA with SSL_CERT_FILE=${caFile === undefined ? "…" : shellWord(caFile)}`;
}
