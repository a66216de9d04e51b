/** Reads the settings file: YAML with one `setting: value` per line, named like the flags. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Problem } from "../base/problem.ts";
import { type Given, problemAt, suggest } from "./given.ts";
import { kebab, settings } from "./settings.ts";

/** The values by setting name; every mistake is added to `problems`. */
export function readSettingsFile(file: { readonly path: string; readonly text: string }, problems: Problem[]): Map<string, Given> {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const place = (node: unknown): Omit<Given, "values"> => placeOf(file.path, lines, isScalar(node) ? (node.range?.[0] ?? 0) : 0);
  for (const { pos, message } of document.errors)
    problems.push(problemAt(placeOf(file.path, lines, pos[0]), lowerFirst(message), undefined));
  const found = new Map<string, Given>();
  const { contents } = document;
  if (contents === null || document.errors.length > 0) return found;
  if (!isMap(contents)) {
    problems.push(problemAt(place(undefined), "the file is not a YAML mapping", "write one `setting: value` per line"));
    return found;
  }
  const names = new Map(Object.keys(settings).map((name) => [kebab(name), name]));
  for (const { key, value } of contents.items) {
    const spelled = isScalar(key) ? String(key.value) : "";
    const name = names.get(spelled);
    if (name === undefined) problems.push(problemAt(place(key), `unknown setting \`${spelled}\``, suggest(spelled, [...names.keys()])));
    else found.set(name, { values: textsOf(value), ...place(key) });
  }
  return found;
}

function placeOf(path: string, lines: LineCounter, offset: number): Omit<Given, "values"> {
  const { line, col } = lines.linePos(offset);
  return { file: path, line, column: col };
}

function textsOf(node: unknown): string[] {
  if (isSeq(node)) return node.items.flatMap(textsOf);
  return isScalar(node) ? [String(node.value ?? "")] : [""];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
