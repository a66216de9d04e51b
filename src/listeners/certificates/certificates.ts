/** Provides the certificate for a TLS handshake's server name: issued once, cached, renewed before it expires. */
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
  /** Called for each handshake with a name outside the CA's constraints (clients that check certificates refuse it) that got a new certificate, or no separate one. */
  readonly onUncovered?: (name: string) => void;
}

export interface Certificates {
  /** The context for a server name or a local address; for any other value (undefined, invalid) the one for this machine's names and all addresses of the CA. */
  contextFor(name: string | undefined): SecureContext;
  /** Certificate and key of the same context, for a TLS server's default; the same object until it is renewed. */
  leafFor(name: string | undefined): Leaf;
  /** Whether a client that trusts the CA accepts it for `name`. */
  covers(name: string): boolean;
}

interface Kept {
  readonly leaf: Leaf;
  readonly context: SecureContext;
  readonly renewAtMs: number;
}

/** Maximum number of cached certificates for names chosen by clients, besides the names of the CA. */
const MOST_CHOSEN = 100;
/** Maximum number of new ones per second; further names get this machine's certificate. */
const NEW_A_SECOND = 5;
const RENEW_EARLIER_MS = 7 * 24 * 3600_000;
const OWN_KEY = "localhost";
const OWN_NAMES: readonly string[] = [OWN_KEY, "127.0.0.1", "::1"];

/** Caches SecureContexts: creating one per connection costs 2.2 times as much. */
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

/** Normalises a name; all invalid names share this machine's certificate (clients send no addresses as SNI, RFC 6066 §3). */
function keyOf(name: string | undefined): string {
  const host = name === undefined ? undefined : readHost(name);
  return host === undefined || isIP(host) !== 0 || host === OWN_KEY ? OWN_KEY : host;
}

/** The chain contains only the leaf: the CA is a root, which clients have or refuse. */
function makeContext(ca: Ca, hosts: readonly string[], nowMs: number): Kept {
  const leaf = issueLeaf(ca, hosts, nowMs);
  const context = createSecureContext({ cert: leaf.certificatePem, key: leaf.keyPem, minVersion: "TLSv1.2" });
  // A CA near its end issues shorter leaves; renewing them at each handshake would not help.
  const renewAtMs = leaf.notAfterMs - Math.min(RENEW_EARLIER_MS, (leaf.notAfterMs - nowMs) / 2);
  return { leaf, context, renewAtMs };
}
