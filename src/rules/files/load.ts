/** From a path to rules: read, parse, compile; the same for start, reload and `check`. */

import { inSlices } from "../../base/event-loop.ts";
import type { Problem } from "../../base/problem.ts";
import { type Parsed, parsingRules, type Source } from "../language/parse.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { readFiles } from "./read-files.ts";

/** `fingerprint` is that of the files as read. */
export type Loaded = Parsed & { readonly fingerprint: string };

/** The rules at `path`, or every problem with them. Never rejects. */
export async function loadRules(path: string, vocabulary: Vocabulary): Promise<Loaded> {
  const files = await readFiles(path);
  return files.kind === "bad" ? files : { ...(await parseInSlices(files.sources, vocabulary)), fingerprint: files.fingerprint };
}

/** The rules of several paths together, as `check` takes them; a file that two paths name is read once. */
export async function loadAll(paths: readonly string[], vocabulary: Vocabulary): Promise<Parsed> {
  const read = await Promise.all(paths.map(readFiles));
  const problems: Problem[] = read.flatMap((files) => (files.kind === "bad" ? files.problems : []));
  const sources = new Map(read.flatMap((files) => (files.kind === "ok" ? files.sources : [])).map((source) => [source.file, source]));
  const parsed = await parseInSlices([...sources.values()], vocabulary);
  if (problems.length === 0) return parsed;
  return { kind: "bad", problems: [...problems, ...(parsed.kind === "bad" ? parsed.problems : [])] };
}

/** `parseRules` for a process that serves calls meanwhile. */
export function parseInSlices(sources: readonly Source[], vocabulary: Vocabulary): Promise<Parsed> {
  return inSlices(parsingRules(sources, vocabulary));
}
