/** Minimal text changes that set or remove a rule's key, or add a rule; the caller checks the result's meaning. */
import { type Document, isMap, isScalar, isSeq, type Pair, Scalar, stringify, type YAMLMap } from "yaml";

/** Inserts `rule`, a mapping as YAML, as the first of the list in `text`. */
export function spliceAdd(text: string, document: Document, rule: string): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const head = rulesKey(document);
  if (head === undefined) return `${text}${text === "" || text.endsWith("\n") ? "" : eol}rules:${eol}${blockOf(rule, "  ", eol)}`;
  const list = document.get("rules", true);
  const first = isSeq(list) ? list.items[0] : undefined;
  const at = hasRange(first) ? first.range[0] : undefined;
  if (at === undefined) return spliceFirst(text, { list, head, eol, rule });
  const dash = text.lastIndexOf("-", at - 1);
  const indent = text.slice(lineStart(text, dash), dash);
  const gap = /\n[ \t]*\r?\n/.test(text.slice(lineEnd(text, head))) ? eol : "";
  return insert(text, nextLine(text, head), blockOf(rule, indent, eol) + gap);
}

/** For an empty list: `rules:` or `rules: []`. */
function spliceFirst(text: string, { list, head, eol, rule }: { list: unknown; head: number; eol: string; rule: string }): string {
  const emptied = isSeq(list) && list.range ? text.slice(0, list.range[0]).trimEnd() + text.slice(list.range[1]) : text;
  const at = nextLine(emptied, head);
  return insert(emptied, at, (emptied.charAt(at - 1) === "\n" ? "" : eol) + blockOf(rule, "  ", eol));
}

/** Sets `key` of `rule` in `text` to `value`, or removes it when undefined. Returns `text` unchanged when the value spans several lines. */
export function spliceSet(text: string, rule: YAMLMap, { key, value }: { key: string; value: string | boolean | undefined }): string {
  const pair = rule.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair === undefined) return value === undefined ? text : spliceKey(text, rule, `${key}: ${inline(value)}`);
  const { value: node } = pair;
  if (!isScalar(node) || !hasRange(node)) return text;
  if (value !== undefined) return text.slice(0, node.range[0]) + inline(value) + text.slice(node.range[1]);
  const start = lineStart(text, keyStart(pair) ?? node.range[0]);
  return text.slice(0, start) + text.slice(nextLine(text, node.range[1]));
}

/** A new key is inserted after these keys, which identify the rule and its calls. */
const LEADING = ["name", "api", "path", "active"];

function spliceKey(text: string, rule: YAMLMap, line: string): string {
  const leads = rule.items.filter((pair) => isScalar(pair.key) && LEADING.includes(String(pair.key.value)) && isOneLine(pair.value, text));
  const last = leads.at(-1);
  const start = last === undefined ? undefined : keyStart(last);
  if (last === undefined || start === undefined || !hasRange(last.value)) return text;
  const at = lineEnd(text, last.value.range[1]);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return insert(text, at, eol + " ".repeat(start - lineStart(text, start)) + line);
}

function isOneLine(node: unknown, text: string): boolean {
  return hasRange(node) && !text.slice(node.range[0], node.range[1]).includes("\n");
}

function rulesKey(document: Document): number | undefined {
  const { contents } = document;
  if (!isMap(contents)) return undefined;
  const pair = contents.items.find((item) => isScalar(item.key) && item.key.value === "rules");
  return pair === undefined ? undefined : keyStart(pair);
}

function keyStart(pair: Pair): number | undefined {
  return hasRange(pair.key) ? pair.key.range[0] : undefined;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}

function blockOf(rule: string, indent: string, eol: string): string {
  const lines = rule.trimEnd().split(/\r?\n/);
  return lines.map((line, index) => `${indent}${index === 0 ? "- " : "  "}${line}`.trimEnd() + eol).join("");
}

function inline(value: string | boolean): string {
  return stringify(value, { lineWidth: 0, defaultStringType: Scalar.PLAIN }).trimEnd();
}

function insert(text: string, at: number, inserted: string): string {
  return text.slice(0, at) + inserted + text.slice(at);
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** The offset of the line break that ends the line of `at`, a carriage return included. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  if (end < 0) return text.length;
  return text[end - 1] === "\r" ? end - 1 : end;
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}
