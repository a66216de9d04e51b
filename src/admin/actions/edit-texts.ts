/** Writes edits of rules into their texts, one after the other, and only when the new text is proven to load. */

import { editRules, type RulesEdit } from "../../rules/edit/edit.ts";
import { parseInSlices } from "../../rules/files/load.ts";
import { compileRule } from "../../rules/language/compile/compile-rule.ts";
import type { Source } from "../../rules/language/parse.ts";
import type { AdminPorts } from "../ports.ts";
import { type Failure, fail, ok, type Result } from "./result.ts";

export interface FileEdit {
  readonly file: string;
  readonly edit: RulesEdit;
}

/** Applies all edits, or none: nothing is written when the files do not parse, now or afterwards. */
export type EditTexts = (edits: readonly FileEdit[]) => Promise<Result<undefined>>;

/** Creates the one editor of a proxy's texts; edits that come at once wait for each other. */
export function createEditTexts(ports: Pick<AdminPorts, "texts" | "kinds" | "store">): EditTexts {
  let last: Promise<unknown> = Promise.resolve();
  return (edits) => {
    const next = last.then(() => editAll(edits, ports));
    last = next.catch(() => undefined);
    return next;
  };
}

type EditPorts = Pick<AdminPorts, "texts" | "kinds" | "store">;

/** How often an edit is made again because the texts changed under it. */
const MOST_TRIES = 3;

async function editAll(edits: readonly FileEdit[], ports: EditPorts): Promise<Result<undefined>> {
  if (edits.length === 0) return ok(undefined);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const done = await tryEdit(edits, ports);
    if (done !== undefined) return done;
  }
  return fail("conflict", "the rules files keep changing while they are edited; nothing was written");
}

/** Undefined where somebody else changed the texts meanwhile: they must be read again. */
async function tryEdit(edits: readonly FileEdit[], { texts, kinds, store }: EditPorts): Promise<Result<undefined> | undefined> {
  const read = await texts.read();
  if (read.kind === "bad") return fail("conflict", "the rules files cannot be read", read.problems);
  const nameOf = (authored: unknown): string | undefined => {
    const compiled = compileRule(authored, kinds);
    return compiled.kind === "ok" ? compiled.value.name : undefined;
  };
  const edited = editSources(read.sources, edits, nameOf);
  if (edited.kind !== "ok") return edited;
  const parsed = await parseInSlices(edited.value, kinds);
  if (parsed.kind === "bad") return fail("unparsable", "the rules files would not load like this; nothing was written", parsed.problems);
  const now = await texts.read();
  if (now.kind === "bad" || changed(read.sources, now.sources).length > 0 || now.sources.length !== read.sources.length) return undefined;
  try {
    for (const source of changed(read.sources, edited.value)) await texts.write(source.file, source.text);
  } catch (error) {
    return fail("unavailable", error instanceof Error ? error.message : String(error));
  }
  await texts.reload();
  const problems = store.problems();
  return problems.length === 0 ? ok(undefined) : fail("conflict", "it was written, but the rules files were rejected", problems);
}

function editSources(
  sources: readonly Source[],
  edits: readonly FileEdit[],
  nameOf: (authored: unknown) => string | undefined,
): Result<readonly Source[]> {
  let result = sources;
  for (const file of new Set(edits.map((one) => one.file))) {
    const source = result.find((one) => one.file === file);
    const edited = editRules(
      source?.text ?? "",
      edits.filter((one) => one.file === file).map((one) => one.edit),
      nameOf,
    );
    if (edited.kind === "bad") return refusal(file, edited.message);
    const text = { file, text: edited.text };
    result = source === undefined ? [...result, text] : result.map((one) => (one === source ? text : one));
  }
  return ok(result);
}

function refusal(file: string, message: string): Failure {
  return fail("conflict", message, [{ file, line: undefined, column: undefined, message, remedy: undefined, frame: undefined }]);
}

function changed(before: readonly Source[], after: readonly Source[]): readonly Source[] {
  return after.filter((source) => before.find((one) => one.file === source.file)?.text !== source.text);
}
