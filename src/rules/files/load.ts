/** Loads rules from a path: read, parse, compile; used at start, on reload and by `check`. */

import { inSlices } from "../../base/event-loop.ts";
import type { Problem } from "../../base/problem.ts";
import { type Parsed, parsingRules, type Source } from "../language/parse.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { readFiles } from "./read-files.ts";

/** `fingerprint` identifies the files' content. */
export type Loaded = Parsed & { readonly fingerprint: string };

/** Loads the rules at `path`, or returns all problems. Never rejects. */
export async function loadRules(path: string, vocabulary: Vocabulary): Promise<Loaded> {
  const files = await readFiles(path);
  return files.kind === "bad" ? files : { ...(await parseInSlices(files.sources, vocabulary)), fingerprint: files.fingerprint };
}

/** Loads the rules of several paths together, for `check`; a file named twice is read once. */
export async function loadAll(paths: readonly string[], vocabulary: Vocabulary): Promise<Parsed> {
  const read = await Promise.all(paths.map(readFiles));
  const problems: Problem[] = read.flatMap((files) => (files.kind === "bad" ? files.problems : []));
  const sources = new Map(read.flatMap((files) => (files.kind === "ok" ? files.sources : [])).map((source) => [source.file, source]));
  const parsed = await parseInSlices([...sources.values()], vocabulary);
  if (problems.length === 0) return parsed;
  return { kind: "bad", problems: [...problems, ...(parsed.kind === "bad" ? parsed.problems : [])] };
}

/** `parseRules` in slices, so that calls are served in between. */
export function parseInSlices(sources: readonly Source[], vocabulary: Vocabulary): Promise<Parsed> {
  return inSlices(parsingRules(sources, vocabulary));
}
