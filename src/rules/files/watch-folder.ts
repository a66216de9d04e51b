/** Reports that rules files may have changed: file-system events immediately, and a check of the files' dates every second for missed events. */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import type { Clock } from "../../base/clock.ts";
import { MOST_FILES } from "../language/limits.ts";
import { isRuleFile } from "./read-files.ts";

export interface FolderWatch {
  close(): Promise<void>;
}

export interface FolderWatchOptions {
  /** The rules file or folder; for a file its folder is watched, so that a rename over the file is noticed. */
  readonly path: string;
  readonly clock: Clock;
  /** Called for every hint; may be called often and without a change. */
  readonly onHint: () => void;
}

const GLANCE_MS = 1000;
/** Number of date checks per content check: some network file systems and container mounts do not update the dates. */
const CONTENT_GLANCES = 10;

/** Resolves when the watch is active. */
export async function watchFolder(options: FolderWatchOptions): Promise<FolderWatch> {
  const closing = new AbortController();
  const isFolder = await isDirectory(options.path);
  const folder = isFolder ? options.path : dirname(options.path);
  const concerns = isFolder ? isRuleFile : (name: string): boolean => name === basename(options.path);
  let watcher = await startEvents(folder, concerns, options.onHint);

  const glance = async (): Promise<void> => {
    let before = await datesOf(folder, concerns);
    for (let count = 1; ; count += 1) {
      await options.clock.sleep(GLANCE_MS, closing.signal);
      const now = await datesOf(folder, concerns);
      if (now.folder !== before.folder) {
        await watcher.close();
        watcher = await startEvents(folder, concerns, options.onHint);
      }
      if (now.text !== before.text || isTimeForContents(count, now)) options.onHint();
      before = now;
    }
  };
  const glancing = glance().catch(() => undefined);
  return {
    async close() {
      closing.abort();
      await glancing;
      await watcher.close();
    },
  };
}

/** Content of this size is read and hashed in a millisecond. */
const SMALL_BYTES = 256 * 1024;

function isTimeForContents(count: number, { bytes }: Dates): boolean {
  return count % CONTENT_GLANCES === 0 && bytes <= SMALL_BYTES;
}

/** Kubernetes mounts a ConfigMap as links through `..data`, and replaces only that link. */
function isConfigMapName(name: string): boolean {
  return name.startsWith("..");
}

async function startEvents(folder: string, concerns: (name: string) => boolean, onHint: () => void): Promise<FSWatcher> {
  const mayConcern = (path: string): boolean => concerns(basename(path)) || isConfigMapName(basename(path));
  const watcher = watch(folder, { depth: 0, ignoreInitial: true, ignored: (path) => path !== folder && !mayConcern(path), atomic: false });
  watcher.on("all", (_event, path) => {
    if (mayConcern(path)) onHint();
  });
  watcher.on("raw", (_event, path) => {
    if (typeof path !== "string" || mayConcern(path)) onHint();
  });
  watcher.on("error", onHint);
  await new Promise<void>((resolve) => {
    watcher.once("ready", resolve);
  });
  return watcher;
}

export interface Dates {
  readonly text: string;
  /** Identifies the folder. */
  readonly folder: string;
  /** The size of all files together. */
  readonly bytes: number;
}

/** The identity of the folder and the names, sizes and dates (also ctime, which programs cannot set) of the relevant files. */
export async function datesOf(folder: string, concerns: (name: string) => boolean): Promise<Dates> {
  const own = await stat(folder).catch(() => undefined);
  const identity = own === undefined ? "gone" : `${own.dev}:${own.ino}`;
  const names = own === undefined ? [] : (await readdir(folder).catch(() => [])).filter(concerns);
  // Folders with more files are refused anyway.
  const dates = await Promise.all(names.slice(0, MOST_FILES).map((name) => dateOf(`${folder}/${name}`)));
  return {
    text: [identity, names.length, ...dates.map(({ text }) => text)].join("\n"),
    folder: identity,
    bytes: sum(dates.map(({ bytes }) => bytes)),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

async function dateOf(file: string): Promise<{ text: string; bytes: number }> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return { text: `${file} gone`, bytes: 0 };
  return { bytes: found.size, text: `${file} ${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}` };
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
