/** Parses YAML 1.2 text to the plain values of its rules; places in the text are computed only for mistakes. */
import { parseDocument } from "yaml";
import type { Mistake } from "../../../faults/fault.ts";
import { suggestion } from "../../../faults/nearest.ts";
import { FEWER, MOST_RULES, TOO_MANY_RULES } from "../limits.ts";
import { nodeSpan } from "./node-span.ts";
import type { PlacedMistake, Span } from "./placed-mistake.ts";
import { readPlain } from "./read-plain.ts";
import { type ItemText, splitItems } from "./split-items.ts";
import { syntaxMistake } from "./syntax-mistake.ts";
import { type Anchors, noAnchors, toPlain } from "./to-plain.ts";

/** One entry of `rules:` as plain data. */
export interface Item {
  readonly value: unknown;
  /** Its offset in the file. */
  readonly offset: number;
  /** The place of `path` in the file: of its value or key, or of the nearest existing ancestor. */
  span(path: Mistake["path"], at: Mistake["at"]): Span;
}

export interface Items {
  readonly items: readonly Item[];
  readonly mistakes: readonly PlacedMistake[];
}

/** The largest text parsed without a pause, in characters: the library parses about 1 MiB per second (Node 20, 2026-11), and calls wait meanwhile. */
const MOST_IN_ONE_GO = 256 * 1024;
const MOST_IN_WORDS = `${MOST_IN_ONE_GO / 1024} KiB`;

/** Reads a file's rules; yields after each so that the caller may pause. */
export function* readItems(text: string): Generator<undefined, Items> {
  const parts = splitItems(text);
  return parts === undefined ? readWhole(text) : yield* readParts(parts);
}

function* readParts(parts: readonly ItemText[]): Generator<undefined, Items> {
  const items: Item[] = [];
  const mistakes: PlacedMistake[] = [];
  const anchors = noAnchors();
  const excess = parts[MOST_RULES];
  if (excess !== undefined)
    return { items: [], mistakes: [{ span: { offset: excess.offset, length: 1 }, message: `there are ${TOO_MANY_RULES}`, remedy: FEWER }] };
  for (const part of parts) {
    const { values, errors } = readPart(part, anchors);
    mistakes.push(...errors);
    const spanOf = (path: Mistake["path"], at: Mistake["at"]): Span => {
      const span = nodeSpan(parse(part.text, part.offset).document.contents, [0, ...path], at);
      return { offset: span.offset + part.offset, length: span.length };
    };
    if (values.length > 0) items.push({ value: values[0], offset: part.offset, span: spanOf });
    yield;
  }
  return { items, mistakes };
}

/** Parses one rule as a list with one entry; the list is empty when it cannot be read. */
function readPart(part: ItemText, anchors: Anchors): { values: readonly unknown[]; errors: readonly PlacedMistake[] } {
  if (part.text.length > MOST_IN_ONE_GO) {
    const remedy = "split it, or shorten its bodies and lists";
    return { values: [], errors: [{ span: { offset: part.offset, length: 1 }, message: `a rule of more than ${MOST_IN_WORDS}`, remedy }] };
  }
  const plain = readPlain(part.text);
  if (plain !== undefined) return { values: [plain], errors: [] };
  const { document, errors } = parse(part.text, part.offset);
  if (errors.length > 0) return { values: [], errors };
  const { value, mistakes, ambiguous } = toPlain(document.contents, "rule", anchors);
  const placed = mistakes.map((mistake) => ({ ...mistake, span: { ...mistake.span, offset: mistake.span.offset + part.offset } }));
  return { values: Array.isArray(value) && !ambiguous ? value : [], errors: placed };
}

function readWhole(text: string): Items {
  if (text.length > MOST_IN_ONE_GO) {
    const message = `a file of more than ${MOST_IN_WORDS} must have one block list under \`rules:\``;
    return { items: [], mistakes: [{ span: { offset: 0, length: 1 }, message, remedy: "begin each rule on its own line with `- `" }] };
  }
  const { document, errors } = parse(text, 0);
  if (errors.length > 0) return { items: [], mistakes: errors };
  const { value, mistakes } = toPlain(document.contents, "file", noAnchors());
  if (value === null || value === undefined) return { items: [], mistakes };
  const top = readTop(value, (path, at) => nodeSpan(document.contents, path, at));
  return { items: top.items, mistakes: [...mistakes, ...top.mistakes] };
}

function readTop(top: unknown, spanOf: Item["span"]): Items {
  if (typeof top !== "object" || top === null || Array.isArray(top)) {
    const message = "the file does not begin with `rules:`";
    return { items: [], mistakes: [{ span: spanOf([], undefined), message, remedy: "put the list of rules under `rules:`" }] };
  }
  const strangers = Object.keys(top).filter((key) => key !== "rules");
  const mistakes: PlacedMistake[] = strangers.map((key) => ({
    span: spanOf([key], "key"),
    message: `unknown key \`${key}\` at the top of the file`,
    remedy: suggestion(key, ["rules"]) ?? "remove it",
  }));
  const list: unknown = Reflect.get(top, "rules") ?? [];
  if (!Array.isArray(list)) {
    mistakes.push({ span: spanOf(["rules"], undefined), message: "`rules` takes a list", remedy: "begin each rule with `- name: …`" });
    return { items: [], mistakes };
  }
  const items = list.map((value: unknown, index): Item => {
    const inItem: Item["span"] = (path, at) => spanOf(["rules", index, ...path], at);
    return { value, offset: inItem([], undefined).offset, span: inItem };
  });
  return { items, mistakes };
}

function parse(text: string, offset: number): { document: ReturnType<typeof parseDocument>; errors: PlacedMistake[] } {
  // The library compares each key with all before it; `toPlain` uses a map.
  const document = parseDocument(text, { prettyErrors: false, merge: true, uniqueKeys: false, logLevel: "error" });
  const errors = [...document.errors, ...document.warnings].map((error) => syntaxMistake(error, { offset, text }));
  return { document, errors };
}
