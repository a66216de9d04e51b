/** Switches a simulation on: in its file, or as a temporary rule that no file holds. */
import { stringify } from "yaml";
import { checkOperation, checkResult } from "../../antom/catalogue/check-result.ts";
import { formatDuration } from "../../base/duration.ts";
import type { RulesChange } from "../../rules/change-rules.ts";
import { editRules } from "../../rules/edit/edit.ts";
import { type FileEdit, nameBy } from "../../rules/edit/edit-sources.ts";
import { listOfOne, ruleText } from "../../rules/edit/rule-text.ts";
import { slug } from "../../rules/language/compile/slug.ts";
import type { Vocabulary } from "../../rules/language/vocabulary.ts";
import { hiddenRules, type RuleLayers, rulesOfBoth, type TemporaryRule } from "../../rules/layers.ts";
import type { Rule } from "../../rules/rule.ts";
import { simulationOf } from "../../rules/simulation.ts";
import { parseTemporary, TEMPORARY_FILE } from "../../rules/temporary-rules.ts";
import type { AdminPorts } from "../ports.ts";
import { freeName } from "./free-name.ts";
import { type Failure, fail, ok, type Result } from "./result.ts";

type ArmPorts = Pick<AdminPorts, "apply" | "vocabulary" | "rulesFile">;

export interface Simulation {
  readonly operation: string;
  readonly code: string;
  /** Undefined: until switched off. */
  readonly durationMs: number | undefined;
  /** True: nothing is written to a file. A proxy without rules files takes every simulation so. */
  readonly temporary: boolean;
}

/**
 * Answers every call of the operation with the code from now on. Another simulation of the same operation ends, as on Antom's page;
 * one in a file, where this one is temporary, acts again once this one is gone.
 */
export async function arm(simulation: Simulation, ports: ArmPorts): Promise<Result<Rule>> {
  const obstacle = obstacleOf(simulation);
  if (obstacle !== undefined) return fail("invalid", obstacle);
  const { rulesFile } = ports;
  let name = "";
  const applied = await ports.apply(async (layers): Promise<RulesChange | Failure> => {
    const temporary = simulation.temporary || rulesFile === undefined;
    const planned = temporary ? await planTemporary(simulation, layers, ports.vocabulary) : planFile(simulation, layers, rulesFile);
    if (planned.kind !== "planned") return planned;
    name = planned.name;
    return planned.change;
  });
  if (applied.kind !== "ok") return applied;
  const armed = applied.rules.rules.find((rule) => rule.name === name);
  return armed === undefined ? fail("conflict", `\`${name}\` is not in force: the rules changed meanwhile`) : ok(armed);
}

function obstacleOf({ operation, code }: Simulation): string | undefined {
  const api = checkOperation(operation);
  const checked = api.kind === "ok" ? checkResult([operation], code, false) : api;
  return "message" in checked ? [checked.message, checked.remedy].filter(Boolean).join("; ") : undefined;
}

interface Planned {
  readonly kind: "planned";
  readonly name: string;
  readonly change: RulesChange;
}

function planFile({ operation, code, durationMs }: Simulation, layers: RuleLayers, home: string): Planned | Failure {
  const own = layers.files.rules.filter((rule) => simulationOf(rule)?.operation === operation);
  const kept = own.find((rule) => simulationOf(rule)?.code === code);
  if (kept !== undefined && hiddenRules(layers).has(kept.name))
    return fail("conflict", `a temporary rule hides \`${kept.name}\` of ${kept.file}:${kept.line}; remove the temporary one first`);
  const name = kept?.name ?? nameFor(operation, code, layers);
  const duration = textOf(durationMs);
  const edits: FileEdit[] = own
    .filter((rule) => rule !== kept && rule.activation.active)
    .map((rule) => ({ file: rule.file, edit: { kind: "set", name: rule.name, changes: { active: false } } }));
  if (kept === undefined) edits.push({ file: home, edit: { kind: "add", rule: ruleOf({ name, operation, code, duration }) } });
  else edits.push({ file: kept.file, edit: { kind: "set", name, changes: { active: true, duration } } });
  const change = { kind: "change", edits, ...aloneAmong(name, operation) } as const;
  return { kind: "planned", name, change };
}

async function planTemporary(
  { operation, code, durationMs }: Simulation,
  layers: RuleLayers,
  vocabulary: Vocabulary,
): Promise<Planned | Failure> {
  const kept = layers.temporary.find(({ rule }) => isSimulation(rule, operation) && simulationOf(rule)?.code === code);
  const name = kept?.rule.name ?? nameFor(operation, code, layers);
  const duration = textOf(durationMs);
  const text =
    kept === undefined ? stringify({ rules: [ruleOf({ name, operation, code, duration })] }) : textWith(kept, duration, vocabulary);
  const parsed = await parseTemporary({ file: TEMPORARY_FILE, text }, vocabulary);
  if (parsed.kind === "bad") return fail("unparsable", "the rule cannot be taken like this", parsed.problems);
  const temporary =
    kept === undefined
      ? [...parsed.temporary, ...layers.temporary]
      : layers.temporary.flatMap((one) => (one === kept ? parsed.temporary : [one]));
  return { kind: "planned", name, change: { kind: "change", temporary, ...aloneAmong(name, operation) } };
}

/** The simulation `name` begins anew; temporary ones of the same operation end. */
function aloneAmong(name: string, operation: string): Pick<RulesChange, "beginsAnew" | "stops"> {
  return {
    beginsAnew: (rule) => rule.name === name,
    stops: (rule) => rule.layer === "temporary" && rule.name !== name && isSimulation(rule, operation),
  };
}

function isSimulation(rule: Rule, operation: string): boolean {
  return simulationOf(rule)?.operation === operation;
}

function nameFor(operation: string, code: string, layers: RuleLayers): string {
  return freeName(slug(`${operation}-${code}`), rulesOfBoth(layers));
}

/** The text of a temporary simulation, switched on for `duration`; its own keys and comments are kept. */
function textWith({ rule, source }: TemporaryRule, duration: string | undefined, vocabulary: Vocabulary): string {
  const nameOf = nameBy(vocabulary);
  const alone = listOfOne(ruleText(source.text, rule.name, nameOf)?.yaml ?? "");
  const edited = editRules(alone, [{ kind: "set", name: rule.name, changes: { active: true, duration } }], nameOf);
  return edited.kind === "ok" ? edited.text : alone;
}

function textOf(durationMs: number | undefined): string | undefined {
  return durationMs === undefined ? undefined : formatDuration(durationMs);
}

interface Authored {
  readonly name: string;
  readonly operation: string;
  readonly code: string;
  readonly duration: string | undefined;
}

/** The keys in the order in which a person would write them. */
function ruleOf({ name, operation, code, duration }: Authored): Readonly<Record<string, unknown>> {
  return { name, api: operation, active: true, ...(duration === undefined ? {} : { duration }), result: code };
}
