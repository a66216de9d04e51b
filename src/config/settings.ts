/** The table of settings: one line per setting with its flag, environment variable, key in the settings file, help and default. */
import type { Address } from "../base/host-port.ts";
import type { Config } from "./config.ts";
import * as read from "./readers.ts";
import { type StateTarget, stateTarget } from "./state-target.ts";

/** The spelling and the parser of one setting. */
export interface Setting<T = unknown> {
  /** The flag's argument in the help; undefined for a switch. */
  readonly argument: string | undefined;
  /** Called for each given value (`many`) or for the single value. */
  readonly read: read.Reader<T>;
  readonly many: boolean;
  /** The default in the user's spelling; undefined: none. */
  readonly standard: string | undefined;
  readonly help: string;
}

function one<T>(argument: string, reader: read.Reader<T>, standard: string | undefined, help: string): Setting<T> {
  return { argument, read: reader, many: false, standard, help };
}

/** All settings by name. */
export interface Settings {
  readonly listen: Setting<Address>;
  readonly admin: Setting<Address>;
  readonly adminToken: Setting<string>;
  readonly adminHostName: Setting<string>;
  readonly rules: Setting<string>;
  readonly dataDir: Setting<string>;
  readonly upstream: Setting<string>;
  readonly antomPublicKey: Setting<string>;
  readonly merchantPublicKey: Setting<string>;
  readonly signingKey: Setting<string>;
  readonly resign: Setting<Config["resign"]>;
  readonly allowProduction: Setting<boolean>;
  readonly allowHeaderFaults: Setting<boolean>;
  readonly state: Setting<StateTarget>;
  readonly seed: Setting<string>;
  readonly tlsHost: Setting<string>;
  readonly allowTunnel: Setting<string>;
  readonly tunnelCredentials: Setting<string>;
  readonly upstreamProxy: Setting<string>;
  readonly upstreamCa: Setting<string>;
  readonly upstreamTimeout: Setting<number>;
  readonly maxBody: Setting<number>;
  readonly maxHeaders: Setting<number>;
  readonly maxUpstreamHeaders: Setting<number>;
  readonly maxConnections: Setting<number>;
  readonly headTimeout: Setting<number>;
  readonly requestTimeout: Setting<number>;
  readonly idleTimeout: Setting<number>;
  readonly writeTimeout: Setting<number>;
  readonly journal: Setting<number>;
  readonly logLevel: Setting<Config["logLevel"]>;
  readonly logFormat: Setting<"json" | "pretty">;
}

export const settings: Settings = {
  listen: {
    ...one("<host:port>", read.address, "127.0.0.1:8080", "where the merchant's server connects; repeatable"),
    many: true,
  },
  admin: one("<host:port>", read.address, "127.0.0.1:8081", "metrics, health and the page"),
  adminToken: one(
    "<file>",
    read.words,
    undefined,
    "the token that --admin asks for; absent: none on loopback, else made in the data folder",
  ),
  adminHostName: {
    ...one("<name>", read.hostName, undefined, "a further name by which --admin is reached; repeatable"),
    many: true,
  },
  rules: one("<file or folder>", read.words, "./rules", "the rules, read again whenever they change"),
  dataDir: one("<folder>", read.words, "./.antom-fault-proxy", "the signing key, the CA and the state"),
  upstream: one("<origin>", read.origin, undefined, "Antom's gateway; absent: the built-in stand-in sandbox"),
  antomPublicKey: one("<file>", read.words, undefined, "Antom's public key, to verify what it answers"),
  merchantPublicKey: one("<file>", read.words, undefined, "your public key: the stand-in then verifies your requests"),
  signingKey: one("<file>", read.words, undefined, "the proxy's private key; absent: made in the data folder"),
  resign: one("<all|overridden>", read.oneOf("all", "overridden"), "all", "which answers get the proxy's signature"),
  allowProduction: { ...one("", read.truth, "false", "pass production calls through, untouched"), argument: undefined },
  allowHeaderFaults: {
    ...one("", read.truth, "false", "let a caller ask for a fault with the header x-fault: pay=RISK_REJECT"),
    argument: undefined,
  },
  state: one(
    "<file or URL>",
    stateTarget,
    undefined,
    "windows and tallies: a file, or redis://… shared by replicas; absent: in the data folder",
  ),
  seed: one("<text>", read.words, undefined, "makes probabilities and random delays repeatable"),
  tlsHost: { ...one("<name>", read.hostName, undefined, "a further name or address for https clients; repeatable"), many: true },
  allowTunnel: {
    ...one("<host[:port]>", read.words, undefined, "a host that CONNECT tunnels may reach, private or not; repeatable"),
    many: true,
  },
  tunnelCredentials: one("<user:password>", read.credentials, undefined, "for tunnels asked for from other machines"),
  upstreamProxy: one("<url>", read.proxyUrl, undefined, "proxy to the upstream, or none; absent: HTTPS_PROXY and NO_PROXY"),
  upstreamCa: one("<file>", read.words, undefined, "further CAs (PEM) to trust upstream"),
  upstreamTimeout: one("<duration>", read.duration, "30s", "longest wait for the upstream's whole answer"),
  maxBody: one("<size>", read.size, "8MiB", "larger request bodies are streamed through untouched; an answer over twice this is a failure"),
  maxHeaders: one("<size>", read.size, "16KiB", "largest request head; a larger one is refused"),
  maxUpstreamHeaders: one("<size>", read.size, "64KiB", "largest head of an answer from the upstream; a larger one is a failure"),
  maxConnections: one("<count>", read.count, "10000", "most connections of one listener; more are dropped"),
  headTimeout: one("<duration>", read.duration, "20s", "longest wait for a request's head or a TLS handshake"),
  requestTimeout: one("<duration>", read.duration, "5m", "longest wait for a whole request"),
  idleTimeout: one("<duration>", read.duration, "60s", "how long a connection may idle between requests"),
  writeTimeout: one("<duration>", read.duration, "60s", "how long a client may take no byte of its answer"),
  journal: one("<count>", read.count, "1000", "calls kept for the page"),
  logLevel: one("<level>", read.oneOf("debug", "info", "warn", "error", "silent"), "info", "debug, info, warn, error or silent"),
  logFormat: one("<json|pretty>", read.oneOf("json", "pretty"), undefined, "absent: pretty on a terminal, JSON elsewhere"),
};

export type SettingName = keyof Settings;

/** `dataDir` → `--data-dir`. */
export function flagOf(name: string): string {
  return `--${kebab(name)}`;
}

/** `dataDir` → `ANTOM_FAULT_PROXY_DATA_DIR`. */
export function environmentOf(name: string): string {
  return `ANTOM_FAULT_PROXY_${kebab(name).replaceAll("-", "_").toUpperCase()}`;
}

/** `dataDir` → `data-dir`, as flags and the settings file spell it. */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
