/** Removes temporary rules, or writes them into the rules file. */
import type { RulesChange } from "../../rules/change-rules.ts";
import { nameBy } from "../../rules/edit/edit-sources.ts";
import { ruleText } from "../../rules/edit/rule-text.ts";
import { hiddenRules, type RuleLayers, temporaryRule } from "../../rules/layers.ts";
import type { AdminPorts } from "../ports.ts";
import { type Failure, fail, ok, type Result } from "./result.ts";
import { ruleInForce, unknownRule } from "./rule-in-force.ts";

type TemporaryPorts = Pick<AdminPorts, "apply" | "vocabulary" | "rulesFile">;

/** Removes a temporary rule; a file rule of the same name is in force again. */
export async function removeRule(name: string, { apply }: TemporaryPorts): Promise<Result<undefined>> {
  const removed = await apply((layers): RulesChange | Failure => {
    if (temporaryRule(layers, name) === undefined) return notTemporary(name, layers);
    return { kind: "change", temporary: without(name, layers) };
  });
  return removed.kind === "ok" ? ok(undefined) : removed;
}

/** Writes a temporary rule as it was authored into the rules file, before all others, and takes it out of the temporary layer. Its window and tallies go on. */
export async function saveRule(name: string, { apply, vocabulary, rulesFile }: TemporaryPorts): Promise<Result<undefined>> {
  const saved = await apply((layers): RulesChange | Failure => {
    const found = temporaryRule(layers, name);
    if (found === undefined) return notTemporary(name, layers);
    if (rulesFile === undefined)
      return fail("conflict", "this proxy has no rules files; start it with `--rules`, or from code with `rulesPath`");
    const hidden = hiddenRules(layers).get(name);
    if (hidden !== undefined)
      return fail(
        "conflict",
        `${hidden.file}:${hidden.line} has a rule \`${name}\` already; change that one, or add this one under another name`,
      );
    const authored = ruleText(found.source.text, name, nameBy(vocabulary));
    if (authored === undefined) return fail("conflict", `the text of \`${name}\` cannot be found; add the rule to the file by hand`);
    return { kind: "change", edits: [{ file: rulesFile, edit: { kind: "add", ...authored } }], temporary: without(name, layers) };
  });
  return saved.kind === "ok" ? ok(undefined) : saved;
}

function without(name: string, { temporary }: RuleLayers): RuleLayers["temporary"] {
  return temporary.filter(({ rule }) => rule.name !== name);
}

function notTemporary(name: string, layers: RuleLayers): Failure {
  const rule = ruleInForce(layers, name);
  return rule === undefined
    ? unknownRule(name)
    : fail("conflict", `\`${name}\` is not a temporary rule; change it at ${rule.file}:${rule.line}`);
}
