/** startProxy(): the proxy inside another program, such as a merchant's test suite; nothing is read from or written to disk unless asked for. */
import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { parsePrivateKey, parsePublicKey } from "../antom/keys.ts";
import { type StateTarget, stateTarget } from "../config/state-target.ts";
import { createLog, type LogLevel } from "../observe/log.ts";
import type { CallRecord, Clock } from "../ports.ts";
import { type Problem, ProblemsError } from "../problem.ts";
import type { Source } from "../rules/parse.ts";
import { systemClock } from "../system.ts";
import { type App, startApp } from "./app.ts";
import type { AppSettings } from "./settings.ts";
import { startupError } from "./startup-error.ts";
import { urlOf } from "./urls.ts";

/** The text of a rules file, or the list that would stand under its `rules:`. */
export type RulesInput = string | readonly Readonly<Record<string, unknown>>[];

export interface ProxyOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Rules to begin with; default none. */
  readonly rules?: RulesInput;
  /** A rules file or folder to watch instead of `rules`. */
  readonly rulesPath?: string;
  /** Origin of the gateway; default: a stand-in sandbox of its own. */
  readonly upstream?: string;
  /** Antom's public key: a KeyObject, PEM or bare base64. Default: answers are signed again unchecked. */
  readonly antomPublicKey?: KeyObject | string;
  /** Your public key, for the stand-in to verify requests with. Default: any signature will do. */
  readonly merchantPublicKey?: KeyObject | string;
  /** The proxy's private key: a KeyObject, PEM or bare base64. Default: made fresh, RSA-2048. */
  readonly signingKey?: KeyObject | string;
  /** Default `all`. */
  readonly resign?: "all" | "overridden";
  readonly allowProduction?: boolean;
  /** Lets a caller ask for a fault on its own request with the header `x-fault: pay=RISK_REJECT`. */
  readonly allowHeaderFaults?: boolean;
  /** True or a port: metrics, health and the page on loopback. Default: none. */
  readonly admin?: boolean | number;
  /** Makes probabilities and random delays repeatable. Default: a new seed each time. */
  readonly seed?: string;
  /** Keeps windows and tallies across starts: a file, or `redis://…` for several proxies to share. Default: they end with the proxy. */
  readonly stateFile?: string;
  /** CAs, as PEM, to trust upstream besides the well-known ones. */
  readonly upstreamCas?: readonly string[];
  /** Default 30,000. */
  readonly upstreamTimeoutMs?: number;
  /** Default 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Largest head of an answer from the gateway; default 64 KiB. */
  readonly maxUpstreamHeaderBytes?: number;
  /** How long a client may take no byte of its answer; default 60,000. */
  readonly writeTimeoutMs?: number;
  /** What is written to standard output, as JSON lines. Default `silent`. */
  readonly logLevel?: LogLevel;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
}

/** A running proxy. */
export interface Proxy {
  /** The base URL for an SDK: `http://127.0.0.1:41234`. */
  readonly url: string;
  /** The same port over TLS. */
  readonly httpsUrl: string;
  /** `http://127.0.0.1:…`; undefined unless `admin` was asked for. */
  readonly adminUrl: string | undefined;
  /** Where calls are forwarded to. */
  readonly upstream: string;
  /** The key that verifies the answers: give it to the SDK's client in place of Antom's. A webhook keeps Antom's own. */
  readonly publicKey: { readonly pem: string; readonly base64: string };
  /** The certificate to trust for `httpsUrl`, as PEM. */
  readonly caPem: string;
  /** Puts other rules in force for the next call. Rejects with a ProblemsError when they are wrong; the old ones then stay. */
  setRules(rules: RulesInput): Promise<void>;
  /** Looks at `rulesPath` now instead of waiting for the watcher (which takes less than 300 ms). */
  reload(): Promise<void>;
  /** The latest calls, newest first (1,000 at most). */
  calls(): readonly CallRecord[];
  /**
   * Takes no more calls and closes everything; answers that clients are still reading may end within `graceMs` (default 1,000). A later call waits for the
   * first. Never rejects.
   */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
}

const STOP_GRACE_MS = 1000;

const STANDARD = {
  host: "127.0.0.1",
  port: 0,
  admin: false,
  rules: "",
  resign: "all",
  allowProduction: false,
  allowHeaderFaults: false,
  upstreamCas: [],
  upstreamTimeoutMs: 30_000,
  maxBodyBytes: 8 * 1024 * 1024,
  maxUpstreamHeaderBytes: 64 * 1024,
  logLevel: "silent",
  clock: systemClock,
} as const satisfies ProxyOptions;

/** Starts a proxy. Rejects with a ProblemsError when a rule, a key or an address is wrong. */
export async function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const app = await startApp(await settingsOf(options));
  const [address = { host: "127.0.0.1", port: 0 }] = app.listening;
  return {
    url: urlOf("http", address),
    httpsUrl: urlOf("https", address),
    adminUrl: app.admin,
    upstream: app.upstream,
    publicKey: app.publicKey,
    caPem: app.caPem,
    setRules: (rules) => setRules(app, rules),
    reload: app.rules.check,
    calls: app.calls,
    stop: ({ graceMs = STOP_GRACE_MS } = {}) => app.stop(graceMs),
  };
}

async function setRules(app: App, rules: RulesInput): Promise<void> {
  const problems: readonly Problem[] = await app.rules.set([sourceOf(rules)]);
  if (problems.length > 0) throw new ProblemsError(problems);
}

async function settingsOf(options: ProxyOptions): Promise<AppSettings> {
  const { host, port, admin, rulesPath, rules, signingKey, logLevel, ...rest } = { ...STANDARD, ...options };
  return {
    listen: [{ host, port }],
    admin: admin === false ? undefined : { host: "127.0.0.1", port: admin === true ? 0 : admin },
    adminToken: undefined,
    adminHostNames: [],
    rules: rulesPath === undefined ? { kind: "text", sources: [sourceOf(rules)] } : { kind: "path", path: rulesPath },
    dataDir: undefined,
    state: options.stateFile === undefined ? undefined : stateOf(options.stateFile),
    signingKey: signingKey === undefined ? await makeKey() : toKey(signingKey, parsePrivateKey),
    antomKey: toKey(options.antomPublicKey, parsePublicKey),
    merchantKey: toKey(options.merchantPublicKey, parsePublicKey),
    upstream: options.upstream,
    resign: rest.resign,
    allowProduction: rest.allowProduction,
    allowHeaderFaults: rest.allowHeaderFaults,
    seed: options.seed ?? randomBytes(8).toString("hex"),
    tlsHosts: [],
    allowTunnels: [],
    tunnelCredentials: undefined,
    proxyFor: undefined,
    upstreamCas: rest.upstreamCas,
    upstreamTimeoutMs: rest.upstreamTimeoutMs,
    maxBodyBytes: rest.maxBodyBytes,
    maxUpstreamHeaderBytes: rest.maxUpstreamHeaderBytes,
    limits: rest.writeTimeoutMs === undefined ? {} : { writeTimeoutMs: rest.writeTimeoutMs },
    journalCalls: 1000,
    log: createLog({ level: logLevel, format: "json" }),
    clock: rest.clock,
  };
}

function stateOf(text: string): StateTarget {
  const read = stateTarget(text);
  if (read.kind === "ok") return read.value;
  throw startupError("settings", "stateFile", read.message, read.remedy);
}

function sourceOf(rules: RulesInput): Source {
  return { file: "rules", text: typeof rules === "string" ? rules : stringify({ rules }) };
}

async function makeKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)("rsa", { modulusLength: 2048 })).privateKey;
}

function toKey<T extends KeyObject | string | undefined>(given: T, parse: (text: string) => KeyObject): KeyObject | Exclude<T, string>;
function toKey(given: KeyObject | string | undefined, parse: (text: string) => KeyObject): KeyObject | undefined {
  return typeof given === "string" ? parse(given) : given;
}
