/** Who may speak to the admin server: judged from the request's head alone, before any route is looked at. Pure. */

/** What is known of a request before it is routed. */
export interface AccessQuestion {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which browsers send and pages cannot forge. */
  readonly fetchSite: string | undefined;
  /** `Sec-Fetch-Mode`. */
  readonly fetchMode: string | undefined;
  readonly contentType: string | undefined;
  /** The address of this machine that the client connected to. */
  readonly localAddress: string | undefined;
  /** Whether the request carries the token, or a session that was opened with it. */
  readonly holdsToken: boolean;
}

export interface AccessPolicy {
  /** Further host names by which the server is reached, in lower case and without port. */
  readonly hostNames: ReadonlySet<string>;
  readonly tokenRequired: boolean;
}

export type Access =
  | { readonly kind: "granted" }
  | { readonly kind: "refused"; readonly status: 401 | 403 | 415; readonly message: string };

/** Reached without a token: probes have none to send, and say nothing that is secret; the login must come before the token. */
const PUBLIC_PATHS: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/login", "/login.css", "/icon.svg"]);
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * Granted, or refused with the status and message to answer. A foreign `Host` is how DNS rebinding shows itself, a foreign
 * `Origin` or `Sec-Fetch-Site` how a page of another site does.
 */
export function judgeAccess(question: AccessQuestion, policy: AccessPolicy): Access {
  const host = question.host?.toLowerCase() ?? "";
  if (!isOwnHost(host, question.localAddress, policy))
    return refuse(403, "the `Host` header names another host; add it with `--admin-host-name`");
  if (isForeign(question, host)) return refuse(403, "the request comes from a page of another origin");
  if (policy.tokenRequired && !question.holdsToken && !PUBLIC_PATHS.has(question.path)) {
    return refuse(401, "a token is required: send `Authorization: Bearer <token>`, or log in at `/login`");
  }
  return READING.has(question.method) || hasRightType(question)
    ? { kind: "granted" }
    : refuse(415, "a write needs `content-type: application/json`");
}

function isOwnHost(host: string, localAddress: string | undefined, policy: AccessPolicy): boolean {
  const name = host.replace(/:\d{1,5}$/, "");
  if (LOOPBACK_NAMES.has(name) || policy.hostNames.has(name)) return true;
  return localAddress !== undefined && name.replace(/^\[(.*)\]$/, "$1") === plainAddress(localAddress);
}

function isForeign(question: AccessQuestion, host: string): boolean {
  const { origin, fetchSite, fetchMode, method } = question;
  if (origin !== undefined) return !sameOrigin(origin, host);
  if (fetchSite === undefined || fetchSite === "same-origin" || fetchSite === "none") return false;
  // A link on another page may lead here; only loading something from here may not.
  return !(fetchMode === "navigate" && READING.has(method));
}

function sameOrigin(origin: string, host: string): boolean {
  const lower = origin.toLowerCase();
  return lower === `http://${host}` || lower === `https://${host}`;
}

function hasRightType(question: AccessQuestion): boolean {
  const type = question.contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return type === "application/json" || (question.path === "/login" && type === "application/x-www-form-urlencoded");
}

/** Without the IPv4-mapped prefix, brackets and zone. */
function plainAddress(address: string): string {
  return address
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/^::ffff:(?=\d+\.)/, "")
    .replace(/%.*$/, "");
}

function refuse(status: 401 | 403 | 415, message: string): Access {
  return { kind: "refused", status, message };
}
