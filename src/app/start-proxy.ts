/** startProxy(): the proxy inside another program, such as a merchant's test suite; nothing is read from or written to disk unless asked for. */
import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { urlOf } from "../base/host-port.ts";
import { systemClock } from "../base/machine-clock.ts";
import { type Problem, ProblemsError } from "../base/problem.ts";
import { createLog } from "../observe/log/log.ts";
import type { CallRecord } from "../ports/ports.ts";
import type { Source } from "../rules/language/parse.ts";
import { type App, startApp } from "./app.ts";
import type { ProxyOptions, RulesInput } from "./proxy-options.ts";
import { readProxyOptions } from "./read-proxy-options.ts";
import type { AppSettings } from "./settings.ts";

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
  /**
   * Puts these rules in force for the next call as temporary rules, in place of all temporary ones (those of `rules`, earlier calls and the page),
   * with windows and tallies begun anew (`keep`: those of rules that stay the same go on). They are tried before the rules of `rulesPath`, hide
   * those of the same names, outlive their reload, and are written to no file. Of several calls the last wins.
   * Rejects with a ProblemsError when the rules are wrong; the old ones then stay.
   */
  setRules(rules: RulesInput, options?: { readonly keep?: boolean }): Promise<void>;
  /** Looks at `rulesPath` now instead of waiting for the watcher (which takes less than 300 ms). Rejects with a ProblemsError when the files are wrong. */
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

/** Starts a proxy. Rejects with a ProblemsError when an option, a rule, a key or an address is wrong. */
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
    setRules: (rules, { keep = false } = {}) => setRules(app, rules, keep),
    reload: () => reload(app),
    calls: app.calls,
    stop: ({ graceMs = STOP_GRACE_MS } = {}) => app.stop(graceMs),
  };
}

async function reload(app: App): Promise<void> {
  await app.rules.check();
  const problems = app.rules.store.problems();
  if (problems.length > 0) throw new ProblemsError(problems);
}

async function setRules(app: App, rules: RulesInput, keep: boolean): Promise<void> {
  const problems: readonly Problem[] = await app.rules.setTemporary(sourceOf(rules), keep);
  if (problems.length > 0) throw new ProblemsError(problems);
}

async function settingsOf(options: ProxyOptions): Promise<AppSettings> {
  const read = readProxyOptions(options);
  return {
    listen: [read.listen],
    admin: read.adminPort === undefined ? undefined : { host: "127.0.0.1", port: read.adminPort },
    adminToken: undefined,
    adminHostNames: [],
    rules: read.rulesPath === undefined ? { kind: "text", source: sourceOf(read.rules) } : { kind: "path", path: read.rulesPath },
    dataDir: undefined,
    state: read.state,
    signingKey: read.signingKey ?? (await makeKey()),
    antomKey: read.antomPublicKey,
    merchantKey: read.merchantPublicKey,
    upstream: read.upstream,
    resign: read.resign,
    allowProduction: read.allowProduction,
    allowHeaderFaults: read.allowHeaderFaults,
    seed: read.seed ?? randomBytes(8).toString("hex"),
    tlsHosts: [],
    allowTunnels: [],
    tunnelCredentials: undefined,
    proxyFor: undefined,
    upstreamCas: read.upstreamCas,
    upstreamTimeoutMs: read.upstreamTimeoutMs,
    maxBodyBytes: read.maxBodyBytes,
    maxUpstreamHeaderBytes: read.maxUpstreamHeaderBytes,
    limits: read.writeTimeoutMs === undefined ? {} : { writeTimeoutMs: read.writeTimeoutMs },
    journalCalls: 1000,
    log: createLog({ level: read.logLevel, format: "json" }),
    clock: read.clock ?? systemClock,
  };
}

function sourceOf(rules: RulesInput): Source {
  return { file: "rules", text: typeof rules === "string" ? rules : stringify({ rules }) };
}

async function makeKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)("rsa", { modulusLength: 2048 })).privateKey;
}
