/** Opens a connection to an origin for any lane: name resolution, TCP, corporate proxy tunnel and TLS, with one deadline and one abort signal. */
import { isIP, type Socket, connect as tcpConnect } from "node:net";
import tls, { type TLSSocket, connect as tlsConnect } from "node:tls";
import { LRUCache } from "lru-cache";
import type { Destination, GoneSignal } from "../ports/ports.ts";
import { codedError } from "./failure.ts";
import type { ProxyFor } from "./proxy-choice.ts";
import { openTunnel } from "./tunnel.ts";

export interface DialOptions {
  /** undefined: every origin is dialled directly. */
  readonly proxyFor?: ProxyFor | undefined;
  /** Additional CAs to trust, as PEM, besides the built-in ones (`--upstream-ca`). Certificates are always checked. */
  readonly extraCa?: readonly string[] | undefined;
  /** Longest time for opening a connection, all steps included, in milliseconds. */
  readonly connectTimeoutMs?: number | undefined;
  /** Whether an address is one of this process's own listeners: a connection to it would loop. */
  readonly isOwn?: ((address: string, port: number) => boolean) | undefined;
}

/** Opens one connection; for https, ALPN offers the protocols that the destination allows. Rejects with the system's error, also when `signal` aborts. */
export type Dial = (destination: Destination, signal: GoneSignal) => Promise<Socket>;

/** What a lane that streams is made of. */
export interface LaneOptions {
  readonly dial: Dial;
  /** Longest wait for the gateway: for it to take the request's bytes, and for its whole answer; in milliseconds. */
  readonly timeoutMs: number;
  /** Largest head of an answer, in bytes. */
  readonly maxHeadBytes: number;
  /** The value of a `Via` line to be added for an origin; undefined: none. */
  readonly viaFor?: ((origin: string) => string | undefined) | undefined;
}

interface Host {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** The protocols offered in TLS; `http2` also offers HTTP/1.1. */
  readonly offer: Destination["protocol"];
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Same as undici's own connector. */
const KEEP_ALIVE_MS = 60_000;
const MOST_SESSIONS = 64;

/** Creates a Dial with these options. */
export function createDial(options: DialOptions): Dial {
  const { proxyFor, connectTimeoutMs = CONNECT_TIMEOUT_MS, isOwn } = options;
  const means: Means = { isOwn, secure: createSecure(trustedCas(options.extraCa)) };
  return async ({ origin, protocol }, signal) => {
    const attempt = beginAttempt(signal, connectTimeoutMs);
    try {
      return await reach({ ...hostOf(new URL(origin)), offer: protocol }, proxyFor?.(origin), { attempt, means });
    } catch (error) {
      attempt.drop();
      throw attempt.reason() ?? error;
    } finally {
      attempt.end();
    }
  };
}

interface Means {
  readonly isOwn: DialOptions["isOwn"];
  readonly secure: Secure;
}

async function reach(target: Host, proxy: URL | undefined, by: { readonly attempt: Attempt; readonly means: Means }): Promise<Socket> {
  const { attempt, means } = by;
  const first = proxy === undefined ? target : { ...hostOf(proxy), offer: "http1" as const };
  const plain = await dialTcp(first, attempt, means.isOwn);
  const way = first.secure ? await means.secure(plain, first, attempt) : plain;
  if (proxy === undefined) return way;
  await openTunnel(way, proxy, target);
  return target.secure ? await means.secure(way, target, attempt) : way;
}

async function dialTcp({ host, port }: Host, attempt: Attempt, isOwn: DialOptions["isOwn"]): Promise<Socket> {
  const socket = tcpConnect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  await attempt.wait(socket, "connect");
  if (isOwn?.(socket.remoteAddress ?? "", socket.remotePort ?? 0) !== true) return socket;
  throw codedError("ELOOP", `\`${host}:${port}\` is a listener of this proxy itself, so the call would come back without end`);
}

type Secure = (socket: Socket, host: Host, attempt: Attempt) => Promise<TLSSocket>;

/** TLS on an open connection. Sessions are cached, which makes later handshakes with the same host cheaper. */
function createSecure(ca: readonly string[] | undefined): Secure {
  const sessions = new LRUCache<string, Buffer>({ max: MOST_SESSIONS });
  return async (socket, { host, port, offer }, attempt) => {
    const key = `${offer} ${host}:${port}`;
    const session = sessions.get(key);
    const ALPNProtocols = offer === "http2" ? ["h2", "http/1.1"] : ["http/1.1"];
    const servername = isIP(host) === 0 ? host : "";
    const secured = tlsConnect({ socket, host, servername, ALPNProtocols, ...(ca && { ca: [...ca] }), ...(session && { session }) });
    secured.on("session", (ticket) => sessions.set(key, ticket));
    await attempt.wait(secured, "secureConnect");
    return secured;
  };
}

/** Node's default CAs and these; undefined without additional CAs, so that Node uses its own list. */
export function trustedCas(extraCa: readonly string[] | undefined): readonly string[] | undefined {
  return extraCa === undefined || extraCa.length === 0 ? undefined : [...defaultCas(), ...extraCa];
}

/** Node 22.15 and later report all trusted CAs, including NODE_EXTRA_CA_CERTS and `--use-system-ca`; earlier versions only the built-in ones. */
function defaultCas(): readonly string[] {
  const get: unknown = Reflect.get(tls, "getCACertificates");
  const told: unknown = typeof get === "function" ? get("default") : undefined;
  return Array.isArray(told) ? told.map(String) : tls.rootCertificates;
}

function hostOf(url: URL): Omit<Host, "offer"> {
  const secure = url.protocol === "https:";
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || (secure ? 443 : 80)), secure };
}

/** One connection attempt: its sockets are destroyed when the time is over or the client has disconnected. */
interface Attempt {
  /** Resolves on the socket's `event`; rejects with its error. */
  wait(socket: Socket, event: "connect" | "secureConnect"): Promise<void>;
  /** Destroys the opened sockets. */
  drop(): void;
  /** Why the attempt was aborted; undefined if it was not. */
  reason(): Error | undefined;
  end(): void;
}

function beginAttempt(signal: GoneSignal, timeoutMs: number): Attempt {
  const held: Socket[] = [];
  let reason: Error | undefined;
  const giveUp = (why: Error): void => {
    reason ??= why;
    held.at(-1)?.destroy(reason);
  };
  const onGone = (): void => giveUp(codedError("ABORT_ERR", "the client closed the connection before the call was sent"));
  const timer = setTimeout(() => giveUp(codedError("ETIMEDOUT", `no connection to the gateway within ${timeoutMs} ms`)), timeoutMs);
  signal.addEventListener("abort", onGone);
  if (signal.aborted) onGone();
  return {
    drop: () => held.forEach((socket) => void socket.destroy()),
    reason: () => reason,
    wait: (socket, event) =>
      new Promise((resolve, reject) => {
        // These listeners stay: an error without a listener would end the process.
        socket.once(event, () => resolve()).on("error", reject);
        socket.once("close", () => reject(codedError("ECONNRESET", "the connection was closed while it was being opened")));
        held.push(socket);
        if (reason !== undefined) socket.destroy(reason);
      }),
    end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", onGone);
    },
  };
}
