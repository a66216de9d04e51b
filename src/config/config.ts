/** The validated settings of a running proxy; created by read-config.ts, used by app.ts. */
import type { Address } from "../base/host-port.ts";
import type { StateTarget } from "./state-target.ts";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface Config {
  readonly listen: readonly Address[];
  readonly admin: Address;
  /** Path of the file with the admin server's token; required when other machines can reach the server. */
  readonly adminToken: string | undefined;
  /** Host names of the admin server besides loopback's names and the address itself. */
  readonly adminHostNames: readonly string[];
  /** A rules file or a folder of rules files. */
  readonly rules: string;
  /** False: `rules` is the default path, which need not exist. */
  readonly rulesNamed: boolean;
  /** The folder of the signing key and the state file. */
  readonly dataDir: string;
  /** The gateway's origin; undefined: the built-in stand-in sandbox. */
  readonly upstream: string | undefined;
  /** Path of the file with Antom's public key; undefined: forwarded answers cannot be verified. */
  readonly antomPublicKey: string | undefined;
  /** Path of the file with the merchant's public key, for the stand-in sandbox; undefined: it does not check request signatures. */
  readonly merchantPublicKey: string | undefined;
  /** Path of the file with the proxy's private key; undefined: `signing-key.pem` in the data folder, created when missing. */
  readonly signingKey: string | undefined;
  readonly resign: "all" | "overridden";
  readonly allowProduction: boolean;
  /** Whether a caller may request a fault for its own request with the header `x-fault`. */
  readonly allowHeaderFaults: boolean;
  /** Storage of windows and tallies; undefined: `state.json` in the data folder. */
  readonly state: StateTarget | undefined;
  /** Seed of all random numbers; undefined: a new one at each start, which is logged. */
  readonly seed: string | undefined;
  /** Names and addresses, besides the gateways' and this machine's, for which the https listener has certificates. */
  readonly tlsHosts: readonly string[];
  /** Hosts that every client may reach through CONNECT tunnels: `host`, `host:port`, `*.example.com`. */
  readonly allowTunnels: readonly string[];
  /** `user:password` for tunnels from other machines; undefined: other machines reach only listed hosts. */
  readonly tunnelCredentials: string | undefined;
  /** Proxy on the way to the upstream; undefined: from HTTPS_PROXY and NO_PROXY. */
  readonly upstreamProxy: string | undefined;
  /** Path of a PEM file with additional CAs to trust upstream. */
  readonly upstreamCa: string | undefined;
  readonly upstreamTimeoutMs: number;
  /** Largest body that is buffered, matched and signed; larger ones are streamed unchanged. */
  readonly maxBodyBytes: number;
  /** Largest request head. */
  readonly maxHeaderBytes: number;
  /** Largest head of an answer from the upstream. */
  readonly maxUpstreamHeaderBytes: number;
  /** Maximum number of connections per listener. */
  readonly maxConnections: number;
  /** Longest wait for a request's head, and for a TLS handshake. */
  readonly headTimeoutMs: number;
  /** Longest wait for a whole request. */
  readonly requestTimeoutMs: number;
  /** How long a connection may be idle between two requests. */
  readonly idleTimeoutMs: number;
  /** How long a client may read nothing while answer bytes are pending. */
  readonly writeTimeoutMs: number;
  /** Number of calls kept for the page. */
  readonly journalCalls: number;
  readonly logLevel: LogLevel;
  /** Undefined: pretty on a terminal, JSON otherwise. */
  readonly logFormat: "json" | "pretty" | undefined;
}
