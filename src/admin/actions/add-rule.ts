/** A rule typed or drafted on the page: its YAML is read, proven, and put into the rules file or the temporary layer. */
import type { RulesChange } from "../../rules/change-rules.ts";
import { nameBy } from "../../rules/edit/edit-sources.ts";
import { listOfOne, ruleText } from "../../rules/edit/rule-text.ts";
import { MOST_RULES, TOO_MANY_RULES } from "../../rules/language/limits.ts";
import { type RuleLayers, type TemporaryRule, temporaryRule } from "../../rules/layers.ts";
import { parseTemporary, TEMPORARY_FILE } from "../../rules/temporary-rules.ts";
import type { AdminPorts } from "../ports.ts";
import { type Failure, fail, ok, type Result } from "./result.ts";

type AddPorts = Pick<AdminPorts, "apply" | "vocabulary" | "rulesFile">;

export interface NewRule {
  /** One mapping with or without the dash of a list. */
  readonly yaml: string;
  /** True: nothing is written to a file. A proxy without rules files takes every rule so. */
  readonly temporary: boolean;
}

/** Adds the rule before all others of its layer. Its mistakes are placed in a file called `new rule`. */
export async function addRule({ yaml: text, temporary }: NewRule, ports: AddPorts): Promise<Result<Record<string, never>>> {
  const yaml = mappingOf(text);
  const parsed = await parseTemporary({ file: "new rule", text: listOfOne(yaml) }, ports.vocabulary);
  if (parsed.kind === "bad") return fail("unparsable", "the rule cannot be taken like this", parsed.problems);
  const [added, ...more] = parsed.temporary;
  if (added === undefined || more.length > 0) return fail("invalid", "give one rule");
  const { rulesFile } = ports;
  const change = temporary || rulesFile === undefined ? addTemporary(added) : addToFile({ added, yaml }, rulesFile, ports);
  const applied = await ports.apply(change);
  return applied.kind === "ok" ? ok({}) : applied;
}

function addTemporary(added: TemporaryRule): (layers: RuleLayers) => RulesChange | Failure {
  return (layers) => {
    const { name, identity } = added.rule;
    if (temporaryRule(layers, name) !== undefined) return nameTaken(name);
    if (layers.temporary.length >= MOST_RULES) return fail("conflict", `with this rule there are ${TOO_MANY_RULES}; remove some`);
    const own = { ...added, rule: { ...added.rule, file: TEMPORARY_FILE } };
    return { kind: "change", temporary: [own, ...layers.temporary], beginsAnew: (rule) => rule.identity === identity };
  };
}

function addToFile(
  { added, yaml }: { readonly added: TemporaryRule; readonly yaml: string },
  file: string,
  { vocabulary }: AddPorts,
): (layers: RuleLayers) => RulesChange | Failure {
  const { name } = added.rule;
  return (layers) => {
    if (temporaryRule(layers, name) !== undefined) return nameTaken(name);
    const { rule = {} } = ruleText(added.source.text, name, nameBy(vocabulary)) ?? {};
    return { kind: "change", edits: [{ file, edit: { kind: "add", rule, yaml } }] };
  };
}

function nameTaken(name: string): Failure {
  return fail("conflict", `the name \`${name}\` is taken by a temporary rule; remove that one, or give this one another name`);
}

/** Without the dash, the indentation it brought, and blank lines around. */
function mappingOf(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").trimEnd().split("\n");
  const first = lines.findIndex((line) => /^\s*[^\s#]/.test(line));
  const mapping = lines.map((line, at) => (at === first ? line.replace(/^(\s*)- /, "$1  ") : line)).filter((_, at) => at >= first);
  const indent = Math.min(...mapping.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  return mapping.map((line) => line.slice(indent)).join("\n");
}
