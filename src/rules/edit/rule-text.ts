/** One rule taken out of a text of rules, as it was written there. Pure. */
import { isMap, isSeq, type Node, parseDocument } from "yaml";
import type { NameOf } from "./edit.ts";

/** A rule as it was authored. */
export interface RuleText {
  /** Its keys as plain data. */
  readonly rule: Readonly<Record<string, unknown>>;
  /** Its mapping, comments within it included, without the list's dash and indentation. */
  readonly yaml: string;
}

/** The rule `name` of `text`; undefined where the text has no such rule. */
export function ruleText(text: string, name: string, nameOf: NameOf): RuleText | undefined {
  const document = parseDocument(text, { merge: true, logLevel: "error" });
  const list = document.get("rules");
  if (!isSeq(list)) return undefined;
  for (const node of list.items) {
    if (!isMap(node)) continue;
    const rule: unknown = node.toJS(document);
    if (typeof rule !== "object" || rule === null || nameOf(rule) !== name) continue;
    return { rule: { ...rule }, yaml: sliceOf(text, node) };
  }
  return undefined;
}

function sliceOf(text: string, node: Node): string {
  const [start, valueEnd] = node.range ?? [0, 0];
  const slice = text.slice(start, endOf(text, start, valueEnd)).trimEnd();
  const column = start - (text.lastIndexOf("\n", start - 1) + 1);
  return slice
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line : line.slice(Math.min(column, line.search(/\S|$/)))))
    .join("\n");
}

/** A block mapping ends with its last line, comment included; a flow mapping with its brace; a block scalar's value with its line break. */
function endOf(text: string, start: number, valueEnd: number): number {
  if (text[start] === "{" || text[valueEnd - 1] === "\n") return valueEnd;
  const lineEnd = text.indexOf("\n", valueEnd);
  return lineEnd < 0 ? text.length : lineEnd;
}

/** The text of a rules file with one rule, whose mapping is `yaml`. */
export function listOfOne(yaml: string): string {
  return `rules:\n- ${yaml.replaceAll("\n", "\n  ")}\n`;
}
