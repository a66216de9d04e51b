/** Reloads the rules when their files change: after the last write of a burst, once per content. */
import type { Clock } from "../../base/clock.ts";
import { type OnListenerError, reportError } from "../../base/subscribers.ts";
import type { TaskQueue } from "../../base/task-queue.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { type Loaded, parseInSlices } from "./load.ts";
import { type FilesRead, readFiles } from "./read-files.ts";
import { watchFolder } from "./watch-folder.ts";

export interface RulesWatch {
  /** Checks the files now; resolves when a change has been delivered, and rejects with an exception of `onLoad`. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface WatchOptions {
  /** A rules file or a folder of rules files. */
  readonly path: string;
  readonly vocabulary: Vocabulary;
  readonly clock: Clock;
  /** Whether the files with this fingerprint were handed over, or written, last: they are then not handed over again. */
  readonly isKnown: (fingerprint: string) => boolean;
  /** In which the files are read and handed over, so that nothing else changes the rules meanwhile. */
  readonly inTurn: TaskQueue;
  /** Is given every new content, good or bad, one after the other; `isKnown` holds for it from then on. The same again when it threw. */
  readonly onLoad: (loaded: Loaded) => void | Promise<void>;
  /** Receives exceptions of `onLoad`. */
  readonly onError?: OnListenerError | undefined;
}

/** A burst of writes ends after this time without a write, or after the maximum time below. */
const QUIET_MS = 80;
const PATIENCE_MS = 200;
/** A missing or empty file is checked once more, because it may be about to be written. */
const GRACE_MS = 120;
/** Delay before content that could not be delivered is tried again, a limited number of times. */
const RETRY_MS = 1000;
const MOST_RETRIES = 5;

/** Resolves when the watch is active. */
export async function watchRules(options: WatchOptions): Promise<RulesWatch> {
  const closing = new AbortController();
  const first = await readFiles(options.path);
  const load = createLoader({ ...options, signal: closing.signal }, filledFiles(first));
  let failures = 0;
  const again = (error: unknown): void => {
    if (closing.signal.aborted) return;
    reportError(error, options.onError);
    failures += 1;
    if (failures <= MOST_RETRIES) options.clock.sleep(RETRY_MS, closing.signal).then(act, () => undefined);
  };
  const check = (): Promise<void> => {
    const checking = options.inTurn(load);
    checking.then(() => {
      failures = 0;
    }, again);
    return checking;
  };
  const act = (): Promise<void> => check().catch(() => undefined);
  const hint = createDebounce(options.clock, closing.signal, act);
  const folder = await watchFolder({ path: options.path, clock: options.clock, onHint: hint });
  if (!options.isKnown(first.fingerprint)) hint();
  return {
    check,
    async close() {
      closing.abort();
      await folder.close();
      await options.inTurn(async () => undefined);
    },
  };
}

/** Loads once: reads the files and delivers new content. */
function createLoader(options: WatchOptions & { readonly signal: AbortSignal }, filled: readonly string[]): () => Promise<void> {
  const { path, clock, signal } = options;
  let known = filled;
  const read = async (): Promise<FilesRead> => {
    const files = await readFiles(path);
    if (!lacksOneOf(files, known)) return files;
    await clock.sleep(GRACE_MS, signal);
    return readFiles(path);
  };
  return async () => {
    const files = await read();
    if (options.isKnown(files.fingerprint) || signal.aborted) return;
    const loaded: Loaded =
      files.kind === "bad" ? files : { ...(await parseInSlices(files.sources, options.vocabulary)), fingerprint: files.fingerprint };
    if (signal.aborted) return;
    if (files.kind === "ok") known = filledFiles(files);
    await options.onLoad(loaded);
  };
}

/** Returns a function that calls `act` after a quiet period, or after a maximum time. */
function createDebounce(clock: Clock, signal: AbortSignal, act: () => Promise<void>): () => void {
  let hintedAtMs = 0;
  let waiting = false;
  const settle = async (): Promise<void> => {
    const sinceMs = clock.steady();
    let seenMs: number;
    do {
      seenMs = hintedAtMs;
      await clock.sleep(QUIET_MS, signal);
    } while (hintedAtMs !== seenMs && clock.steady() - sinceMs < PATIENCE_MS);
    waiting = false;
    await act();
  };
  return () => {
    hintedAtMs = clock.steady();
    if (waiting || signal.aborted) return;
    waiting = true;
    settle().catch(() => undefined);
  };
}

function filledFiles(files: FilesRead): readonly string[] {
  return files.kind === "bad" ? [] : files.sources.filter((source) => source.text.trim() !== "").map((source) => source.file);
}

function lacksOneOf(files: FilesRead, known: readonly string[]): boolean {
  const filled = new Set(filledFiles(files));
  return known.some((file) => !filled.has(file));
}
