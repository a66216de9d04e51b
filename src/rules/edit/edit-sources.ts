/** Applies edits to the texts of several rules files. Pure. */
import type { Problem } from "../../base/problem.ts";
import { compileRule } from "../language/compile/compile-rule.ts";
import type { Source } from "../language/parse.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { editRules, type NameOf, type RulesEdit } from "./edit.ts";

/** One edit of the file `file`, which is made where it does not exist. */
export interface FileEdit {
  readonly file: string;
  readonly edit: RulesEdit;
}

/** All texts in order of file name, or why one of them cannot be edited. */
export type EditedSources =
  | { readonly kind: "ok"; readonly sources: readonly Source[] }
  | { readonly kind: "bad"; readonly message: string; readonly problems: readonly Problem[] };

/** `sources` with all `edits` applied, file by file; texts that no edit concerns stay the same objects. */
export function editSources(sources: readonly Source[], edits: readonly FileEdit[], vocabulary: Vocabulary): EditedSources {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const nameOf = nameBy(vocabulary);
  for (const file of new Set(edits.map((one) => one.file))) {
    const own = edits.filter((one) => one.file === file).map((one) => one.edit);
    const edited = editRules(byFile.get(file)?.text ?? "", own, nameOf);
    if (edited.kind === "bad") return { kind: "bad", message: edited.message, problems: [problemOf(file, edited.message)] };
    byFile.set(file, { file, text: edited.text });
  }
  // As the folder is read: rules of files that come first are tried first.
  return { kind: "ok", sources: [...byFile.values()].sort((one, other) => (one.file < other.file ? -1 : 1)) };
}

/** Those of `after` that `before` has not, or has with another text. */
export function changedSources(before: readonly Source[], after: readonly Source[]): readonly Source[] {
  const texts = new Map(before.map(({ file, text }) => [file, text]));
  return after.filter((source) => texts.get(source.file) !== source.text);
}

/** The name that a rule has once it is compiled. */
export function nameBy(vocabulary: Vocabulary): NameOf {
  return (authored) => {
    const compiled = compileRule(authored, vocabulary);
    return compiled.kind === "ok" ? compiled.value.name : undefined;
  };
}

function problemOf(file: string, message: string): Problem {
  return { file, line: undefined, column: undefined, message, remedy: undefined, frame: undefined };
}
