/** Edits the text of a rules file with minimal changes: other lines and all comments stay. */
import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isSeq, parseDocument, stringify, type YAMLMap } from "yaml";
import { spliceAdd, spliceSet } from "./splice.ts";

/** One change. */
export type RulesEdit =
  /** Inserts a rule before all others, where no other rule of the file can shadow it. `yaml`: its mapping as text, with comments. */
  | { readonly kind: "add"; readonly rule: Readonly<Record<string, unknown>>; readonly yaml?: string }
  /** Sets keys of the rule `name`; undefined removes the key. */
  | { readonly kind: "set"; readonly name: string; readonly changes: Readonly<Record<string, string | boolean | undefined>> };

/** The new text, or why the file cannot be edited (worded like a Problem's message). */
export type Edited = { readonly kind: "ok"; readonly text: string } | { readonly kind: "bad"; readonly message: string };

/** The name of an authored rule (possibly derived from its other keys); undefined when it has none. */
export type NameOf = (authored: unknown) => string | undefined;

/** Applies `edits` in order. Other lines stay byte for byte, unless the file's layout requires that it is serialised again. */
export function editRules(text: string, edits: readonly RulesEdit[], nameOf: NameOf): Edited {
  let edited: Edited = { kind: "ok", text };
  for (const edit of edits) {
    if (edited.kind === "ok") edited = applyEdit(edited.text, edit, nameOf);
  }
  return edited;
}

function applyEdit(text: string, edit: RulesEdit, nameOf: NameOf): Edited {
  const document = parseDocument(text, { merge: true, logLevel: "error" });
  if (document.errors.length > 0) return { kind: "bad", message: "the file is not valid YAML: correct it manually first" };
  if (document.contents !== null && !isMap(document.contents)) return { kind: "bad", message: "the file does not begin with `rules:`" };
  const rules = document.get("rules") ?? undefined;
  if (rules !== undefined && !isSeq(rules)) return { kind: "bad", message: "`rules` takes a list: mend the file by hand first" };
  const spliced = edit.kind === "add" ? addRule(text, document, edit) : setKeys(text, document, { edit, nameOf });
  if (typeof spliced !== "string") return spliced;
  const again = parseDocument(spliced, { merge: true, logLevel: "error" });
  if (again.errors.length === 0 && isDeepStrictEqual(again.toJS(), document.toJS())) return { kind: "ok", text: spliced };
  return { kind: "ok", text: document.toString({ lineWidth: 0 }) };
}

/** Changes `document`, and returns the text that should have the same meaning. */
function addRule(text: string, document: Document, { rule, yaml }: Extract<RulesEdit, { kind: "add" }>): string {
  const spliced = spliceAdd(text, document, yaml ?? stringify(rule, { lineWidth: 0 }));
  const rules = document.get("rules");
  const node = document.createNode(rule);
  if (isSeq(rules)) rules.items.unshift(node);
  else document.set("rules", document.createNode([rule]));
  return spliced;
}

function setKeys(
  text: string,
  document: Document,
  { edit, nameOf }: { readonly edit: Extract<RulesEdit, { kind: "set" }>; readonly nameOf: NameOf },
): string | Edited {
  const rule = ruleNamed(document, edit.name, nameOf);
  if (rule === undefined) return { kind: "bad", message: `the file has no rule \`${edit.name}\` of its own` };
  let spliced = text;
  // Backwards, so that earlier offsets stay valid.
  const changes = Object.entries(edit.changes).sort(([one], [other]) => placeOf(rule, other) - placeOf(rule, one));
  for (const [key, value] of changes) spliced = spliceSet(spliced, rule, { key, value });
  for (const [key, value] of changes) {
    if (value === undefined) rule.delete(key);
    else rule.set(key, value);
  }
  return spliced;
}

function ruleNamed(document: Document, name: string, nameOf: NameOf): YAMLMap | undefined {
  const rules = document.get("rules");
  if (!isSeq(rules)) return undefined;
  return rules.items.filter(isMap).find((item) => nameOf(item.toJS(document)) === name);
}

/** The offset of the value of `key`; a new key is inserted near the front. */
function placeOf(rule: YAMLMap, key: string): number {
  const node = rule.get(key, true);
  return node?.range?.[0] ?? 0;
}
