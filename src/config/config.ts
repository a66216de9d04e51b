/** Every setting of a running proxy, read and checked; made by read-config.ts, used by app.ts. */
import type { Address } from "../base/host-port.ts";
import type { StateTarget } from "./state-target.ts";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface Config {
  readonly listen: readonly Address[];
  readonly admin: Address;
  /** Path of the file with the token that the admin server asks for; needed where other machines reach it. */
  readonly adminToken: string | undefined;
  /** Names, besides loopback's and the address itself, by which the admin server is reached. */
  readonly adminHostNames: readonly string[];
  /** A rules file or a folder of them. */
  readonly rules: string;
  /** False: `rules` is the standard path, which need not exist. */
  readonly rulesNamed: boolean;
  /** Where the signing key and the state file live. */
  readonly dataDir: string;
  /** The gateway's origin; undefined: the built-in stand-in sandbox. */
  readonly upstream: string | undefined;
  /** Path of the file with Antom's public key; undefined: forwarded answers cannot be verified. */
  readonly antomPublicKey: string | undefined;
  /** Path of the file with the merchant's public key, for the stand-in sandbox; undefined: it does not check request signatures. */
  readonly merchantPublicKey: string | undefined;
  /** Path of the file with the proxy's private key; undefined: `signing-key.pem` in the data folder, made when missing. */
  readonly signingKey: string | undefined;
  readonly resign: "all" | "overridden";
  readonly allowProduction: boolean;
  /** A caller may ask for a fault on its own request with the header `x-fault`. */
  readonly allowHeaderFaults: boolean;
  /** Where windows and tallies are kept; undefined: `state.json` in the data folder. */
  readonly state: StateTarget | undefined;
  /** Seed of all rolls; undefined: a new one at each start, which is logged. */
  readonly seed: string | undefined;
  /** Names and addresses, besides the gateways' and this machine's own, that the https way in has certificates for. */
  readonly tlsHosts: readonly string[];
  /** Hosts that CONNECT tunnels may lead to from anywhere: `host`, `host:port`, `*.example.com`. */
  readonly allowTunnels: readonly string[];
  /** `user:password` for tunnels asked for from other machines; undefined: those reach listed hosts only. */
  readonly tunnelCredentials: string | undefined;
  /** Proxy on the way to the upstream; undefined: what HTTPS_PROXY and NO_PROXY say. */
  readonly upstreamProxy: string | undefined;
  /** Path of a PEM file with further CAs to trust upstream. */
  readonly upstreamCa: string | undefined;
  readonly upstreamTimeoutMs: number;
  /** Largest body that is read, matched and signed; larger ones are streamed untouched. */
  readonly maxBodyBytes: number;
  /** Largest request head. */
  readonly maxHeaderBytes: number;
  /** Largest head of an answer of the upstream's. */
  readonly maxUpstreamHeaderBytes: number;
  /** Most connections of one listener at a time. */
  readonly maxConnections: number;
  /** Longest wait for a request's head, and for a TLS handshake. */
  readonly headTimeoutMs: number;
  /** Longest wait for a whole request. */
  readonly requestTimeoutMs: number;
  /** How long a connection may idle between two requests. */
  readonly idleTimeoutMs: number;
  /** How long a client may take no byte of an answer that waits for it. */
  readonly writeTimeoutMs: number;
  /** Calls kept for the page. */
  readonly journalCalls: number;
  readonly logLevel: LogLevel;
  /** Undefined: pretty on a terminal, JSON otherwise. */
  readonly logFormat: "json" | "pretty" | undefined;
}
