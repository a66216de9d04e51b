/** Saves a ledger's state in a small file: written atomically, at most once a second; errors never prevent the start. */
import { readdir, readFile, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { errorCode } from "../../base/error-code.ts";
import { makeFolder } from "../../base/make-folder.ts";
import { callListener } from "../../base/subscribers.ts";
import { TEMPORARY } from "../../base/temporary-file.ts";
import { writeWhole } from "../../base/write-whole.ts";
import { readSavedState, type SavedState } from "../saved-state.ts";

export interface StateFile {
  /** The loaded state; undefined at the first start, or when the file could not be loaded. */
  readonly saved: SavedState | undefined;
  /** Writes `snapshot` within a second; further calls within that second share the write. */
  schedule(): void;
  /** Writes pending changes and stops. */
  close(): Promise<void>;
}

export interface StateFileOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Called once per series of errors, with a text worded like a Problem; errors never stop the program. */
  readonly warn: (message: string) => void;
}

const PAUSE_MS = 1000;

/** Reads the state file; an unreadable file is moved to `<path>.unreadable`. */
export async function readStateFile(options: Omit<StateFileOptions, "clock">): Promise<SavedState | undefined> {
  const { path, warn } = options;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT")
      warn(`the state file \`${path}\` cannot be read (${errorCode(error)}); windows and tallies begin anew`);
    return undefined;
  });
  if (text === undefined) return undefined;
  const saved = readSavedState(text);
  if (saved !== undefined) return saved;
  const aside = `${path}.unreadable`;
  const moved = await rename(path, aside).then(
    () => `; it was moved to \`${aside}\``,
    () => "",
  );
  warn(`the state file \`${path}\` does not load${moved}; windows and tallies begin anew`);
  return undefined;
}

/** Opens the state file. Call `bind` of the result with the state's source before `schedule`. */
export async function openStateFile(options: StateFileOptions): Promise<StateFile & { bind(snapshot: () => SavedState): void }> {
  await removeLeftovers(options.path);
  const saved = await readStateFile(options);
  const warn = (message: string): void => callListener(options.warn, message);
  const closing = new AbortController();
  let snapshot: (() => SavedState) | undefined;
  let running: Promise<void> | undefined;
  let dirty = false;
  let troubled = false;

  const write = async (): Promise<void> => {
    if (snapshot === undefined) return;
    dirty = false;
    try {
      const text = JSON.stringify(snapshot());
      await makeFolder(dirname(options.path), 0o700);
      await writeWhole(options.path, text, 0o600);
      troubled = false;
    } catch (error) {
      dirty = true;
      if (!troubled)
        warn(`the state file \`${options.path}\` cannot be written (${errorCode(error)}); windows and tallies would not survive a restart`);
      troubled = true;
    }
  };
  const run = async (): Promise<void> => {
    while (dirty && !closing.signal.aborted) {
      await options.clock.sleep(PAUSE_MS, closing.signal).catch(() => undefined);
      await write();
    }
    running = undefined;
  };
  return {
    saved,
    bind: (source) => {
      snapshot = source;
    },
    schedule() {
      dirty = true;
      if (!closing.signal.aborted) running ??= run();
    },
    async close() {
      closing.abort();
      await running;
      if (dirty) await write();
    },
  };
}

/** Removes temporary files of a process that was killed while writing. */
async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const isLeftover = (name: string): boolean => name.startsWith(`${basename(path)}.`) && TEMPORARY.test(name);
  for (const name of names.filter(isLeftover)) await unlink(join(folder, name)).catch(() => undefined);
}
