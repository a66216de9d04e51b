/** Writes edits of rules into their files, and only when the files as they will then be are proven to load. */
import type { Problem } from "../../base/problem.ts";
import { changedSources, editSources, type FileEdit } from "../edit/edit-sources.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import type { RuleSet } from "../rule.ts";
import { parseInSlices } from "./load.ts";
import { fingerprintOf } from "./read-files.ts";
import type { RuleTexts } from "./rule-texts.ts";

/** `conflict`: not possible as the files are. `unparsable`: the files would not load. `unavailable`: a file cannot be written. */
export interface WriteFailure {
  readonly kind: "conflict" | "unparsable" | "unavailable";
  /** For a person, in the style of a Problem's message. */
  readonly error: string;
  readonly problems: readonly Problem[];
}

/** The rules of all files as they were written, and the fingerprint with which they will be read again. */
export type Written = { readonly kind: "ok"; readonly rules: RuleSet; readonly fingerprint: string } | WriteFailure;

interface Files {
  readonly texts: RuleTexts;
  readonly vocabulary: Vocabulary;
}

/** How often edits are made again because the texts changed under them. */
const MOST_TRIES = 3;

/** Applies all edits, or none: nothing is written when the files do not parse, now or afterwards. */
export async function writeEdits(edits: readonly FileEdit[], files: Files): Promise<Written> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const written = await tryEdits(edits, files);
    if (written !== undefined) return written;
  }
  return failure("conflict", "the rules files keep changing while they are edited; nothing was written");
}

/** Undefined where somebody else changed the texts meanwhile: they must be read again. */
async function tryEdits(edits: readonly FileEdit[], { texts, vocabulary }: Files): Promise<Written | undefined> {
  const read = await texts.read();
  if (read.kind === "bad") return failure("conflict", "the rules files cannot be read", read.problems);
  const edited = editSources(read.sources, edits, vocabulary);
  if (edited.kind === "bad") return failure("conflict", edited.message, edited.problems);
  const parsed = await parseInSlices(edited.sources, vocabulary);
  if (parsed.kind === "bad") return failure("unparsable", "the rules files would not load like this; nothing was written", parsed.problems);
  const now = await texts.read();
  if (now.kind === "bad" || now.fingerprint !== read.fingerprint) return undefined;
  try {
    for (const source of changedSources(read.sources, edited.sources)) await texts.write(source.file, source.text);
  } catch (error) {
    return failure("unavailable", error instanceof Error ? error.message : String(error));
  }
  return { kind: "ok", rules: parsed.rules, fingerprint: fingerprintOf(edited.sources) };
}

function failure(kind: WriteFailure["kind"], error: string, problems: readonly Problem[] = []): WriteFailure {
  return { kind, error, problems };
}
