/** Which files of the program execute a function for one warm call on a kept connection, by V8's precise coverage. */
import { realpathSync } from "node:fs";
import { Agent } from "node:http";
import { basename, dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { BenchFolder } from "./bench-folder.ts";
import type { Lane } from "./lanes.ts";
import { ask, judgeAnswer } from "./sample.ts";
import { DIST, startProxy } from "./systems/antom-fault-proxy.ts";
import { startUpstream } from "./systems/start-server.ts";

/** Calls before the first that is looked at. */
const WARM_CALLS = 50;
/** Calls that are looked at: a file counts when each of them executed it, so that timers of the program drop out. */
const CALLS = 8;
/** From the answer until the call's log line is written and everything has been counted. */
const SETTLE_MS = 60;

const urlsShape = z.array(z.string());

/** Paths below `dist` without their endings (`proxy/handle`), sorted. Throws when an answer is wrong. */
export async function filesPerCall(lane: Lane, folder: BenchFolder, dist: string = DIST): Promise<readonly string[]> {
  const upstream = await startUpstream({ folder, core: undefined });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const site = { folder, upstream: upstream.origin, core: undefined };
    const proxy = await startProxy({ ...lane.ours, dist, probe: "coverage" }, site);
    const options = { origin: proxy.origin, path: lane.path, expect: lane.ours.expect, keys: folder.keys };
    const call = async (): Promise<void> => {
      const wrong = judgeAnswer(await ask(options, "SANDBOX_COVERAGE", agent), "SANDBOX_COVERAGE", options);
      if (wrong !== undefined) throw new Error(`lane ${lane.name}: ${wrong}`);
    };
    const executed = async (): Promise<ReadonlySet<string>> => new Set(urlsShape.parse(await proxy.ask("take")));
    return await lookAt(call, executed, root(dist)).finally(() => proxy.stop());
  } finally {
    agent.destroy();
    await upstream.stop();
  }
}

async function lookAt(call: () => Promise<void>, executed: () => Promise<ReadonlySet<string>>, base: string): Promise<readonly string[]> {
  for (let warm = 0; warm < WARM_CALLS; warm += 1) await call();
  const seen: ReadonlySet<string>[] = [];
  for (let looked = 0; looked < CALLS; looked += 1) {
    await delay(SETTLE_MS);
    await executed();
    await call();
    await delay(SETTLE_MS);
    seen.push(await executed());
  }
  const inEach = [...(seen[0] ?? [])].filter((url) => seen.every((urls) => urls.has(url)));
  const ours = inEach.filter((url) => url.startsWith(base));
  return ours.map((url) => url.slice(base.length).replace(/\.c?js$/, "")).sort();
}

/** Modules are named by their real path. */
function root(dist: string): string {
  return `${pathToFileURL(realpathSync(dist)).href}/`;
}

/** The count, and the files by folder. */
export function printFiles(title: string, files: readonly string[]): string {
  const lines = [...new Set(files.map((file) => dirname(file)))].map((folder) => {
    const names = files.filter((file) => dirname(file) === folder).map((file) => basename(file));
    return `  ${folder} (${names.length})  ${names.join(" ")}`;
  });
  return [`\n${title}: ${files.length} files have a function executed by one warm call`, ...lines].join("\n");
}
