/** Merges flags, environment, settings file and defaults, in this precedence, into one Config or a list of Problems. */
import { formatDuration } from "../base/duration.ts";
import type { Problem } from "../base/problem.ts";
import type { Config } from "./config.ts";
import { type Given, problemAt, suggest } from "./given.ts";
import { readSettingsFile } from "./read-settings-file.ts";
import type { Reader } from "./readers.ts";
import { environmentOf, flagOf, kebab, type SettingName, settings } from "./settings.ts";

export interface ConfigSources {
  /** Values by setting name, from the command line. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The settings file, if any. */
  readonly file: { readonly path: string; readonly text: string } | undefined;
}

export type ConfigRead = { readonly kind: "ok"; readonly config: Config } | { readonly kind: "bad"; readonly problems: readonly Problem[] };

/** Reads all sources and reports every problem. */
export function readConfig(sources: ConfigSources): ConfigRead {
  const problems: Problem[] = [];
  const fromFile = sources.file === undefined ? new Map<string, Given>() : readSettingsFile(sources.file, problems);
  findUnknownVariables(sources.environment, problems);
  const given = (name: SettingName): Given | undefined =>
    fromFlag(name, sources.flags[name]) ?? fromEnvironment(name, sources.environment[environmentOf(name)]) ?? fromFile.get(name);
  const all = <T>(name: SettingName, reader: Reader<T>): T[] => {
    const { standard } = settings[name];
    const found = given(name) ?? { values: standard === undefined ? [] : [standard], file: "" };
    return found.values.flatMap((value) => {
      const read = reader(value);
      if (read.kind === "ok") return [read.value];
      problems.push(problemAt(found, found.line === undefined ? read.message : `\`${kebab(name)}\`: ${read.message}`, read.remedy));
      return [];
    });
  };
  const config = collect(all, given("rules") !== undefined);
  if (config !== undefined && problems.length === 0) return withoutContradictions(config, given);
  return problems.length === 0 && config !== undefined ? { kind: "ok", config } : { kind: "bad", problems };
}

/**
 * node:http requires that the head timeout not exceed the request timeout, since the head is a part of the request. A default value is reduced;
 * a conflict of two configured values is a problem.
 */
function withoutContradictions(config: Config, given: (name: SettingName) => Given | undefined): ConfigRead {
  const { headTimeoutMs, requestTimeoutMs } = config;
  if (headTimeoutMs <= requestTimeoutMs) return { kind: "ok", config };
  const head = given("headTimeout");
  if (head === undefined) return { kind: "ok", config: { ...config, headTimeoutMs: requestTimeoutMs } };
  const message = `\`${formatDuration(headTimeoutMs)}\` is longer than \`--request-timeout\`, which is \`${formatDuration(requestTimeoutMs)}\``;
  return { kind: "bad", problems: [problemAt(head, message, "give a shorter `--head-timeout`, or a longer `--request-timeout`")] };
}

/** Undefined only when a setting with a default was given an invalid value; its problem is already recorded. */
function collect(all: <T>(name: SettingName, reader: Reader<T>) => T[], rulesNamed: boolean): Config | undefined {
  const s = settings;
  const config = {
    listen: all("listen", s.listen.read),
    admin: all("admin", s.admin.read)[0],
    adminToken: all("adminToken", s.adminToken.read)[0],
    adminHostNames: all("adminHostName", s.adminHostName.read),
    rules: all("rules", s.rules.read)[0],
    rulesNamed,
    dataDir: all("dataDir", s.dataDir.read)[0],
    upstream: all("upstream", s.upstream.read)[0],
    antomPublicKey: all("antomPublicKey", s.antomPublicKey.read)[0],
    merchantPublicKey: all("merchantPublicKey", s.merchantPublicKey.read)[0],
    signingKey: all("signingKey", s.signingKey.read)[0],
    resign: all("resign", s.resign.read)[0],
    allowProduction: all("allowProduction", s.allowProduction.read)[0],
    allowHeaderFaults: all("allowHeaderFaults", s.allowHeaderFaults.read)[0],
    state: all("state", s.state.read)[0],
    seed: all("seed", s.seed.read)[0],
    tlsHosts: all("tlsHost", s.tlsHost.read),
    allowTunnels: all("allowTunnel", s.allowTunnel.read),
    tunnelCredentials: all("tunnelCredentials", s.tunnelCredentials.read)[0],
    upstreamProxy: all("upstreamProxy", s.upstreamProxy.read)[0],
    upstreamCa: all("upstreamCa", s.upstreamCa.read)[0],
    upstreamTimeoutMs: all("upstreamTimeout", s.upstreamTimeout.read)[0],
    maxBodyBytes: all("maxBody", s.maxBody.read)[0],
    maxHeaderBytes: all("maxHeaders", s.maxHeaders.read)[0],
    maxUpstreamHeaderBytes: all("maxUpstreamHeaders", s.maxUpstreamHeaders.read)[0],
    maxConnections: all("maxConnections", s.maxConnections.read)[0],
    headTimeoutMs: all("headTimeout", s.headTimeout.read)[0],
    requestTimeoutMs: all("requestTimeout", s.requestTimeout.read)[0],
    idleTimeoutMs: all("idleTimeout", s.idleTimeout.read)[0],
    writeTimeoutMs: all("writeTimeout", s.writeTimeout.read)[0],
    journalCalls: all("journal", s.journal.read)[0],
    logLevel: all("logLevel", s.logLevel.read)[0],
    logFormat: all("logFormat", s.logFormat.read)[0],
  };
  return isComplete(config) ? config : undefined;
}

type Collected = { [K in keyof Config]: Config[K] | undefined };

function isComplete(config: Collected): config is Config {
  // A setting with a default is absent only when its given value was invalid.
  const optional = new Set([
    "adminToken",
    "upstream",
    "antomPublicKey",
    "merchantPublicKey",
    "signingKey",
    "state",
    "seed",
    "tunnelCredentials",
  ]);
  const absent = Object.entries(config).filter(([, value]) => value === undefined);
  return (
    absent.every(([name]) => optional.has(name) || ["upstreamProxy", "upstreamCa", "logFormat"].includes(name)) &&
    (config.listen?.length ?? 0) > 0
  );
}

function fromFlag(name: SettingName, value: unknown): Given | undefined {
  return value === undefined ? undefined : { values: [value].flat().map(String), file: flagOf(name) };
}

function fromEnvironment(name: SettingName, value: string | undefined): Given | undefined {
  if (value === undefined || value === "") return undefined;
  return { values: settings[name].many ? value.split(",").map((part) => part.trim()) : [value], file: environmentOf(name) };
}

/** Environment variables with the program's prefix that other software sets. */
function findUnknownVariables(environment: ConfigSources["environment"], problems: Problem[]): void {
  const known = new Set(Object.keys(settings).map(environmentOf));
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith("ANTOM_FAULT_PROXY_") || known.has(variable) || variable === "ANTOM_FAULT_PROXY_CONFIG") continue;
    problems.push(problemAt({ file: variable }, "unknown setting", suggest(variable, [...known])));
  }
}
