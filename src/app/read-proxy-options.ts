/** The options of startProxy, read by the table that reads the flags: both take and refuse the same values, and every mistake is told at once. */
import type { KeyObject } from "node:crypto";
import { parsePrivateKey, parsePublicKey } from "../antom/keys.ts";
import type { Clock } from "../base/clock.ts";
import type { Address } from "../base/host-port.ts";
import type { Problem } from "../base/problem.ts";
import { suggest } from "../config/given.ts";
import { settings } from "../config/settings.ts";
import type { StateTarget } from "../config/state-target.ts";
import type { LogLevel } from "../observe/log/log.ts";
import { BYTES, createOptionsReader, MILLISECONDS, type OptionsReader, SWITCH, TEXT } from "./options-reader.ts";
import type { ProxyOptions, RulesInput } from "./proxy-options.ts";
import { StartupError } from "./startup-error.ts";

/** The options, checked, with their defaults; undefined: left out. */
export interface ReadProxyOptions {
  readonly listen: Address;
  /** Undefined: no admin server. */
  readonly adminPort: number | undefined;
  readonly rules: RulesInput;
  readonly rulesPath: string | undefined;
  readonly upstream: string | undefined;
  readonly antomPublicKey: KeyObject | undefined;
  readonly merchantPublicKey: KeyObject | undefined;
  readonly signingKey: KeyObject | undefined;
  readonly resign: "all" | "overridden";
  readonly allowProduction: boolean;
  readonly allowHeaderFaults: boolean;
  readonly seed: string | undefined;
  readonly state: StateTarget | undefined;
  readonly upstreamCas: readonly string[];
  readonly upstreamTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly maxUpstreamHeaderBytes: number;
  readonly writeTimeoutMs: number | undefined;
  readonly logLevel: LogLevel;
  readonly clock: Clock | undefined;
}

/** Every option, in the order of ProxyOptions. */
const NAMES: readonly string[] = Object.keys({
  host: true,
  port: true,
  rules: true,
  rulesPath: true,
  upstream: true,
  antomPublicKey: true,
  merchantPublicKey: true,
  signingKey: true,
  resign: true,
  allowProduction: true,
  allowHeaderFaults: true,
  admin: true,
  seed: true,
  stateFile: true,
  upstreamCas: true,
  upstreamTimeoutMs: true,
  maxBodyBytes: true,
  maxUpstreamHeaderBytes: true,
  writeTimeoutMs: true,
  logLevel: true,
  clock: true,
} satisfies Record<keyof ProxyOptions, true>);

/** The options that a program gave, which need not have been compiled by TypeScript. Throws a StartupError with every mistake in them. */
export function readProxyOptions(given: unknown): ReadProxyOptions {
  const options = new Map(typeof given === "object" && given !== null ? Object.entries(given) : []);
  const problems: Problem[] = [];
  const o = createOptionsReader(options, problems);
  checkNames(options, o);
  const read: ReadProxyOptions = {
    listen: readListen(o),
    adminPort: o.value("admin", "write `true`, `false` or a port, such as 8081", readAdmin),
    rules: o.value("rules", "give the text of a rules file, or a list of rules", readRules) ?? "",
    rulesPath: o.setting("rulesPath", settings.rules, TEXT, undefined),
    upstream: o.setting("upstream", settings.upstream, TEXT, undefined),
    antomPublicKey: o.key("antomPublicKey", "public", parsePublicKey),
    merchantPublicKey: o.key("merchantPublicKey", "public", parsePublicKey),
    signingKey: o.key("signingKey", "private", parsePrivateKey),
    resign: o.setting("resign", settings.resign, TEXT, "all"),
    allowProduction: o.setting("allowProduction", settings.allowProduction, SWITCH, false),
    allowHeaderFaults: o.setting("allowHeaderFaults", settings.allowHeaderFaults, SWITCH, false),
    seed: o.setting("seed", settings.seed, TEXT, undefined),
    state: o.setting("stateFile", settings.state, TEXT, undefined),
    upstreamCas: o.value("upstreamCas", "give a list of PEM texts with certificates", readCertificates) ?? [],
    upstreamTimeoutMs: o.setting("upstreamTimeoutMs", settings.upstreamTimeout, MILLISECONDS, 30_000),
    maxBodyBytes: o.setting("maxBodyBytes", settings.maxBody, BYTES, 8 * 1024 * 1024),
    maxUpstreamHeaderBytes: o.setting("maxUpstreamHeaderBytes", settings.maxUpstreamHeaders, BYTES, 64 * 1024),
    writeTimeoutMs: o.setting("writeTimeoutMs", settings.writeTimeout, MILLISECONDS, undefined),
    logLevel: o.setting("logLevel", settings.logLevel, TEXT, "silent"),
    clock: o.value("clock", "give an object with the functions of `Clock`, or leave it out", readClock),
  };
  if (problems.length > 0) throw new StartupError("settings", problems);
  return read;
}

function checkNames(options: ReadonlyMap<string, unknown>, o: OptionsReader): void {
  for (const name of options.keys()) if (!NAMES.includes(name)) o.wrong(name, "there is no such option", suggest(name, NAMES));
  if (options.get("rules") !== undefined && options.get("rulesPath") !== undefined)
    o.wrong("rulesPath", "rules are given twice", "give `rules` or `rulesPath`, not both");
}

function readListen(o: OptionsReader): Address {
  const port = o.value("port", "write a port from 0 to 65535; 0 takes any free one", readPort);
  const host = o.value("host", "write a name or an address alone, such as `127.0.0.1`", readHost);
  return { host: host ?? "127.0.0.1", port: port ?? 0 };
}

function readHost(value: unknown): { value: string } | undefined {
  if (typeof value !== "string") return undefined;
  const read = settings.listen.read(value.includes(":") ? `[${value}]:0` : `${value}:0`);
  return read.kind === "ok" && value !== "" ? { value: read.value.host } : undefined;
}

function readPort(value: unknown): { value: number } | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535 ? { value } : undefined;
}

function readAdmin(value: unknown): { value: number | undefined } | undefined {
  if (value === false) return { value: undefined };
  return value === true ? { value: 0 } : readPort(value);
}

function readRules(value: unknown): { value: RulesInput } | undefined {
  if (typeof value === "string") return { value };
  return Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null) ? { value } : undefined;
}

function readCertificates(value: unknown): { value: readonly string[] } | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((one) => typeof one === "string" && one.includes("-----BEGIN CERTIFICATE-----"));
  return texts.length === value.length ? { value: texts } : undefined;
}

function readClock(value: unknown): { value: Clock } | undefined {
  return isClock(value) ? { value } : undefined;
}

function isClock(value: unknown): value is Clock {
  return typeof value === "object" && value !== null && "wall" in value && "steady" in value && "sleep" in value;
}
