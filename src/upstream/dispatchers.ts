/** The connections of the exchange lane: one undici pool for each origin and protocol, dialled directly or through a corporate proxy. */
import tls from "node:tls";
import { LRUCache } from "lru-cache";
import { buildConnector, type Dispatcher, Pool } from "undici";
import type { ProxyFor } from "./proxy-choice.ts";
import { openTunnel } from "./tunnel.ts";

export interface DispatcherOptions {
  /** undefined: every origin is dialled directly. */
  readonly proxyFor?: ProxyFor | undefined;
  /** Further CAs to trust, as PEM, besides the built-in ones (`--upstream-ca`). Certificates are always checked. */
  readonly extraCa?: readonly string[] | undefined;
  /** Longest wait for a connection, TLS included, in milliseconds. */
  readonly connectTimeoutMs?: number;
  /** Most connections to one origin; undefined: as many as there are calls at a time. */
  readonly connections?: number;
}

/** `http2` offers both and lets the origin choose, as `meter/uploadEvent` needs; `http1` offers HTTP/1.1 alone. */
export type Protocol = "http1" | "http2";

export interface Dispatchers {
  /** The pool for an origin (`https://host[:port]`), kept open between calls. */
  dispatcherFor(origin: string, protocol?: Protocol): Dispatcher;
  /** Closes all connections once their calls have ended; no calls may follow. */
  close(): Promise<void>;
}

/** Origins are few, but a tunnel's port is the client's to choose. */
const MOST_POOLS = 64;
const CONNECT_TIMEOUT_MS = 10_000;

/** Pools are made when first asked for. */
export function createDispatchers(options: DispatcherOptions): Dispatchers {
  const pools = new LRUCache<string, Pool>({
    max: MOST_POOLS,
    // A pool pushed out finishes its calls first; a failure to close concerns nobody any more.
    dispose: (pool, _key, cause) => cause === "evict" && pool.close().catch(() => undefined),
  });
  return {
    dispatcherFor(origin, protocol = "http1") {
      const key = `${protocol} ${origin}`;
      const known = pools.get(key);
      if (known !== undefined) return known;
      const pool = createPool(origin, protocol, options);
      pools.set(key, pool);
      return pool;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

/** The CAs that Node trusts by default and these; undefined when there are none to add, so that Node uses its own list. */
export function trustedCas(extraCa: readonly string[] | undefined): readonly string[] | undefined {
  return extraCa === undefined || extraCa.length === 0 ? undefined : [...defaultCas(), ...extraCa];
}

/** Node 22.15 and later tell what they trust, NODE_EXTRA_CA_CERTS and `--use-system-ca` included; earlier ones only what they were built with. */
function defaultCas(): readonly string[] {
  const get: unknown = Reflect.get(tls, "getCACertificates");
  const told: unknown = typeof get === "function" ? get("default") : undefined;
  return Array.isArray(told) ? told.map(String) : tls.rootCertificates;
}

function createPool(origin: string, protocol: Protocol, options: DispatcherOptions): Pool {
  const { proxyFor, extraCa, connectTimeoutMs: timeout = CONNECT_TIMEOUT_MS, connections } = options;
  const ca = trustedCas(extraCa);
  const allowH2 = protocol === "http2";
  const direct = buildConnector({ timeout, allowH2, ...(ca && { ca: [...ca] }) });
  const proxy = proxyFor?.(origin);
  const connect = proxy === undefined ? direct : createTunnelConnector(direct, proxy, timeout, ca);
  return new Pool(origin, { connect, allowH2, ...(connections !== undefined && { connections }) });
}

/** undici's own ProxyAgent folds raw header lists into an object and so loses repeated lines; tunnelling in the connector keeps them. */
function createTunnelConnector(
  direct: buildConnector.connector,
  proxy: URL,
  timeoutMs: number,
  ca: readonly string[] | undefined,
): buildConnector.connector {
  return (target, done) => {
    const secure = target.protocol === "https:";
    const port = Number(target.port || (secure ? 443 : 80));
    openTunnel({ proxy, host: target.hostname, port, timeoutMs, ca }).then(
      (httpSocket) => (secure ? direct({ ...target, httpSocket }, done) : done(null, httpSocket)),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}
