/** YAML 1.2 text to the plain values of its rules; a place in the text is looked up only when there is something to complain of. */
import { parseDocument } from "yaml";
import type { Mistake } from "../../faults/fault.ts";
import { suggestion } from "../../faults/nearest.ts";
import { nodeSpan } from "./node-span.ts";
import type { PlacedMistake, Span } from "./placed-mistake.ts";
import { readPlain } from "./read-plain.ts";
import { type ItemText, splitItems } from "./split-items.ts";
import { syntaxMistake } from "./syntax-mistake.ts";

/** One entry of `rules:` as plain data. */
export interface Item {
  readonly value: unknown;
  /** Where it begins in the file. */
  readonly offset: number;
  /** Where `path` stands in the file: its value, or its key. The nearest place above it where it does not exist. */
  span(path: Mistake["path"], at: Mistake["at"]): Span;
}

export interface Items {
  readonly items: readonly Item[];
  readonly mistakes: readonly PlacedMistake[];
}

const MAX_ALIASES = 1000;

/** Reads a file's rules; yields after each so that a caller may pause there. */
export function* readItems(text: string): Generator<undefined, Items> {
  const parts = splitItems(text);
  return (parts === undefined ? undefined : yield* readParts(parts)) ?? readWhole(text);
}

/** Undefined where a rule refers to an anchor of another rule: then the file must be read as a whole. */
function* readParts(parts: readonly ItemText[]): Generator<undefined, Items | undefined> {
  const items: Item[] = [];
  const mistakes: PlacedMistake[] = [];
  for (const part of parts) {
    const { values, errors } = readPart(part);
    if (values === undefined) return undefined;
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

/** One rule as a list of one; empty where it has mistakes. */
function readPart(part: ItemText): { values: readonly unknown[] | undefined; errors: readonly PlacedMistake[] } {
  const plain = readPlain(part.text);
  if (plain !== undefined) return { values: [plain], errors: [] };
  const { document, errors } = parse(part.text, part.offset);
  if (errors.length > 0) return { values: [], errors };
  const values = toPlain(document);
  return { values: Array.isArray(values) ? values : undefined, errors };
}

function readWhole(text: string): Items {
  const { document, errors } = parse(text, 0);
  if (errors.length > 0) return { items: [], mistakes: errors };
  const spanOf: Item["span"] = (path, at) => nodeSpan(document.contents, path, at);
  const top = toPlain(document);
  if (top === null || top === undefined) return { items: [], mistakes: [] };
  if (top instanceof Error) {
    const message = "an alias refers to no anchor, or aliases multiply without bound";
    return { items: [], mistakes: [{ span: spanOf([], undefined), message, remedy: "write the values out" }] };
  }
  return readTop(top, spanOf);
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
  const document = parseDocument(text, { prettyErrors: false, merge: true, logLevel: "error" });
  const errors = [...document.errors, ...document.warnings].map((error) => syntaxMistake(error, { offset, text }));
  return { document, errors };
}

/** Plain values; an Error where an alias cannot be resolved or aliases multiply. */
function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    return error instanceof Error ? error : new Error("unreadable aliases", { cause: error });
  }
}
