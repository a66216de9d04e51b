/** Converts a Config to the settings of startApp: reads the keys, opens the log, chooses the files in the data folder. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readOrMakeToken } from "../admin/server/token.ts";
import { loadSigningKey, readPublicKeyFile } from "../app/key-files.ts";
import type { AppSettings } from "../app/settings.ts";
import { startupError } from "../app/startup-error.ts";
import { errorCode } from "../base/error-code.ts";
import { systemClock } from "../base/machine-clock.ts";
import type { Config } from "../config/config.ts";
import { isLoopbackHost } from "../net/address-guard.ts";
import { createLog } from "../observe/log/log.ts";
import { createProxyChoice, type ProxySettings, proxySettingsFrom, unusableProxies } from "../upstream/proxy-choice.ts";
import type { Io } from "./io.ts";

const SHORTEST_TOKEN = 16;

/** The settings of `config`. Throws a StartupError that names the faulty file. */
export async function resolveSettings(
  config: Config,
  { environment, terminal }: Pick<Io, "environment" | "terminal">,
): Promise<AppSettings> {
  const {
    dataDir,
    signingKey,
    antomPublicKey,
    merchantPublicKey,
    rules,
    rulesNamed,
    logLevel,
    state,
    seed,
    upstreamProxy,
    upstreamCa,
    ...rest
  } = config;
  const proxies = proxySettingsFrom(environment, upstreamProxy);
  return {
    ...rest,
    warnings: proxyWarnings(proxies, config.upstream),
    limits: {
      headBytes: config.maxHeaderBytes,
      connections: config.maxConnections,
      headTimeoutMs: config.headTimeoutMs,
      requestTimeoutMs: config.requestTimeoutMs,
      idleTimeoutMs: config.idleTimeoutMs,
      writeTimeoutMs: config.writeTimeoutMs,
    },
    adminToken: await adminTokenOf(config),
    rules: { kind: "path", path: rules, mayBeMissing: !rulesNamed },
    dataDir,
    state: state ?? { kind: "file", path: join(dataDir, "state.json") },
    signingKey: await loadSigningKey(config),
    antomKey: antomPublicKey === undefined ? undefined : await readPublicKeyFile(antomPublicKey, "Antom's"),
    merchantKey: merchantPublicKey === undefined ? undefined : await readPublicKeyFile(merchantPublicKey, "your"),
    proxyFor: createProxyChoice(proxies),
    upstreamCas: upstreamCa === undefined ? [] : [await readCertificates(upstreamCa)],
    seed: seed ?? randomBytes(8).toString("hex"),
    log: createLog({ level: logLevel, format: logFormatOf(config, terminal) }),
    clock: systemClock,
  };
}

/** Throws a StartupError when the upstream would be reached without the proxy that the environment names. */
function proxyWarnings(proxies: ProxySettings, upstream: string | undefined): string[] {
  return unusableProxies(proxies, upstream).map(({ variable, message, needed }) => {
    const remedy = "give an HTTP proxy with `--upstream-proxy http://host:port`, or `--upstream-proxy none` to dial directly";
    if (needed) throw startupError("settings", variable, message, remedy);
    return `the proxy in ${variable} is not used: ${message}; ${remedy}`;
  });
}

async function readCertificates(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw startupError("certificate", file, "the file contains no readable certificate", "give a PEM file with the CAs to trust upstream");
}

/** Undefined when the admin server is reachable only from this machine and no token is configured; otherwise read, or created in the data folder. */
async function adminTokenOf({ admin, adminToken, dataDir }: Config): Promise<string | undefined> {
  if (adminToken !== undefined) return await readToken(adminToken);
  if (isLoopbackHost(admin.host)) return undefined;
  const file = join(dataDir, "admin-token");
  return await readOrMakeToken(file).catch((error: unknown) => {
    const reason = error instanceof Error && error.cause !== undefined ? errorCode(error.cause) : errorCode(error);
    throw startupError("data-dir", file, `the admin token can be neither read nor created (${reason})`, "name one with `--admin-token`");
  });
}

/** The first line of the file. */
async function readToken(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw startupError(
      "key",
      file,
      `the admin token cannot be read (${errorCode(error)})`,
      "give a file with a token, such as `openssl rand -hex 24` prints",
    );
  });
  const token = text.split(/\r?\n/, 1)[0]?.trim() ?? "";
  if (token.length >= SHORTEST_TOKEN) return token;
  throw startupError(
    "key",
    file,
    "the admin token is too short",
    `give at least ${SHORTEST_TOKEN} characters, such as \`openssl rand -hex 24\` prints`,
  );
}

/** The configured format; default: pretty on a terminal, JSON elsewhere. */
export function logFormatOf(config: Config, terminal: boolean): "json" | "pretty" {
  return config.logFormat ?? (terminal ? "pretty" : "json");
}
