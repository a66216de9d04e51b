/** This project as it is shipped: the built program with rules, guard, journal, metrics and log on. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { startProgram } from "../process.ts";
import type { Site, Started, System } from "../system.ts";
import { RESULT_CODE } from "../workload.ts";

export interface ProxyOptions {
  readonly name: string;
  /** The text of its rules file. */
  readonly rules: string;
  /** Further flags. */
  readonly flags?: readonly string[];
  /** What is loaded into its process: the probe of memory and handles, with collection on demand, or that of executed functions. */
  readonly probe?: keyof typeof PROBES;
  /** The folder of its build; absent: this one's. */
  readonly dist?: string;
}

export interface StartedProxy extends Started {
  /** Where to write other rules. */
  readonly rulesFile: string;
  /** Its certificate authority, as a PEM file. */
  readonly caFile: string;
}

/** One rule, which overrides every `pay` call. */
export const OVERRIDE_PAY: string = `rules:\n  - name: bench\n    api: pay\n    active: true\n    result: ${RESULT_CODE}\n`;

/** The two outputs that the benchmark looks at; every line of the log is JSON. */
const listeningShape = z.object({ listeners: z.array(z.string()), admin: z.string() });

/** This build. */
export const DIST: string = fileURLToPath(new URL("../../../../dist", import.meta.url));

const PROBES = {
  memory: ["--expose-gc", "--import", new URL("../probe.js", import.meta.url).href],
  coverage: ["--import", new URL("../coverage-probe.js", import.meta.url).href],
} as const;

/** Starts the built program on free ports, with an own data folder and rules file. */
export async function startProxy(options: ProxyOptions, site: Site): Promise<StartedProxy> {
  const { folder, upstream, core } = site;
  const data = folder.folder(`${options.name}-data`);
  const rulesFile = join(folder.folder(`${options.name}-rules`), "rules.yaml");
  writeFileSync(rulesFile, options.rules);
  const settings = {
    listen: "127.0.0.1:0",
    admin: "127.0.0.1:0",
    rules: rulesFile,
    "data-dir": data,
    upstream,
    "antom-public-key": folder.files.gatewayPublic,
    "signing-key": folder.files.proxyPrivate,
    "log-format": "json",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const node = options.probe === undefined ? [] : PROBES[options.probe];
  const args = [...node, join(options.dist ?? DIST, "launch.cjs"), "start", ...flags, ...(options.flags ?? [])];
  const channel = options.probe !== undefined;
  const program = { name: options.name, command: process.execPath, args, folder: folder.path, core, channel };
  const running = await startProgram(program, (output) => listeningIn(output) !== undefined);
  const { listeners, admin } = listeningIn(running.output()) ?? { listeners: [], admin: undefined };
  return { ...running, origin: listeners[0] ?? "", admin, rulesFile, caFile: join(data, "ca.pem") };
}

/** This program on a throughput lane. */
export interface LaneProxy extends ProxyOptions {
  readonly expect: System["expect"];
}

export function proxySystem(proxy: LaneProxy): System {
  return { name: proxy.name, expect: proxy.expect, isHere: () => true, start: (site) => startProxy(proxy, site) };
}

function listeningIn(output: string): z.infer<typeof listeningShape> | undefined {
  const line = /^\{.*"(?:event|kind)":"listening".*\}$/m.exec(output)?.[0];
  return line === undefined ? undefined : listeningShape.parse(JSON.parse(line));
}
