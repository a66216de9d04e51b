/** Hands a TLS handshake the certificate for the name it asks for: issued once, kept ready, renewed before it ends. */
import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { LRUCache } from "lru-cache";
import type { Clock } from "../../base/clock.ts";
import { readHost } from "../../net/host-name.ts";
import type { Ca } from "./ca.ts";
import { covers, singleAddresses } from "./constraints.ts";
import { issueLeaf, type Leaf } from "./leaf.ts";
import { createNewNames } from "./new-names.ts";

export interface CertificatesOptions {
  readonly ca: Ca;
  readonly clock: Pick<Clock, "wall" | "steady">;
  /** Told of each handshake whose name the CA does not vouch for (clients that check certificates refuse it) and that got a new certificate, or none of its own. */
  readonly onUncovered?: (name: string) => void;
}

export interface Certificates {
  /** The context for a server name or a local address; for anything else (undefined, nonsense) the one for this machine's own names and every address the CA covers. */
  contextFor(name: string | undefined): SecureContext;
  /** Certificate and key of the same, for a TLS server's default; the same value until it is renewed. */
  leafFor(name: string | undefined): Leaf;
  /** Whether a client that trusts the CA will accept it for `name`. */
  covers(name: string): boolean;
}

interface Kept {
  readonly leaf: Leaf;
  readonly context: SecureContext;
  readonly renewAtMs: number;
}

/** Certificates kept for names that clients chose, beyond those that the CA was made for. */
const MOST_CHOSEN = 100;
/** Of those, new ones a second; the others get this machine's own. */
const NEW_A_SECOND = 5;
const RENEW_EARLIER_MS = 7 * 24 * 3600_000;
const OWN_KEY = "localhost";
const OWN_NAMES: readonly string[] = [OWN_KEY, "127.0.0.1", "::1"];

/** A cache of ready SecureContexts: building one for each connection costs 2.2 times a kept one. */
export function createCertificates(options: CertificatesOptions): Certificates {
  const { ca, clock } = options;
  const named = new Set([OWN_KEY, ...ca.permitted.flatMap((constraint) => (constraint.kind === "dns" ? [constraint.name] : []))]);
  const expected = new Map<string, Kept>();
  const chosen = new LRUCache<string, Kept>({ max: MOST_CHOSEN });
  const newNames = createNewNames(clock, NEW_A_SECOND);
  const ownNames = [...OWN_NAMES, ...singleAddresses(ca.permitted)];
  const isCovered = (name: string) => OWN_NAMES.includes(name) || covers(ca.permitted, name);

  const make = (key: string): Kept => makeContext(ca, key === OWN_KEY ? ownNames : [key], clock.wall());
  const keptFor = (name: string | undefined): Kept => {
    const key = keyOf(name);
    const kept = named.has(key) ? expected : chosen;
    const found = kept.get(key);
    if (found !== undefined && clock.wall() < found.renewAtMs) return found;
    if (!isCovered(key)) options.onUncovered?.(key);
    if (kept === chosen && !newNames.admit()) return keptFor(undefined);
    const fresh = make(key);
    kept.set(key, fresh);
    return fresh;
  };

  return { contextFor: (name) => keptFor(name).context, leafFor: (name) => keptFor(name).leaf, covers: isCovered };
}

/** One spelling for each name; all that is no name shares this machine's certificate (no client sends an address as SNI, RFC 6066 §3). */
function keyOf(name: string | undefined): string {
  const host = name === undefined ? undefined : readHost(name);
  return host === undefined || isIP(host) !== 0 || host === OWN_KEY ? OWN_KEY : host;
}

/** The chain is the leaf alone: the CA is a root, which clients have or refuse. */
function makeContext(ca: Ca, hosts: readonly string[], nowMs: number): Kept {
  const leaf = issueLeaf(ca, hosts, nowMs);
  const context = createSecureContext({ cert: leaf.certificatePem, key: leaf.keyPem, minVersion: "TLSv1.2" });
  // A CA close to its own end gives shorter leaves: renewing those at each handshake would help nobody.
  const renewAtMs = leaf.notAfterMs - Math.min(RENEW_EARLIER_MS, (leaf.notAfterMs - nowMs) / 2);
  return { leaf, context, renewAtMs };
}
