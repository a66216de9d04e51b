/** Ends, extends and re-arms rules: a simulation of the files in its file, any other rule by its window. */
import type { FileEdit } from "../../rules/edit/edit-sources.ts";
import type { Rule } from "../../rules/rule.ts";
import { simulationOf } from "../../rules/simulation.ts";
import type { AdminPorts } from "../ports.ts";
import { arm } from "./arm.ts";
import { fail, ok, type Result } from "./result.ts";
import { ruleInForce, unknownRule } from "./rule-in-force.ts";

/** What the actions need of the proxy. */
export type SimulatePorts = Pick<AdminPorts, "ledger" | "clock" | "apply" | "layers" | "vocabulary" | "rulesFile">;

/** How a rule was ended. */
export interface Stopped {
  /** Where the file still says `active: true` although it was to be changed, and why it was not; undefined where it was changed, or was not to be. */
  readonly stillActive: { readonly file: string; readonly line: number; readonly because: string } | undefined;
}

/**
 * Ends a rule now: a simulation of the files in its file, any other rule by closing its window until it is re-armed. So is a simulation whose
 * file cannot be changed, because it has a mistake or cannot be written.
 */
export async function stop(name: string, ports: SimulatePorts): Promise<Result<Stopped>> {
  const rule = ruleInForce(ports.layers(), name);
  if (rule === undefined) return unknownRule(name);
  const isSwitched = rule.layer === "files" && rule.activation.active && simulationOf(rule) !== undefined;
  if (!isSwitched) return await closeWindow(rule, undefined, ports);
  const { file, line } = rule;
  const edits: readonly FileEdit[] = [{ file, edit: { kind: "set", name, changes: { active: false } } }];
  const edited = await ports.apply<never>(() => ({ kind: "change", edits }));
  if (edited.kind === "ok") return ok({ stillActive: undefined });
  return await closeWindow(rule, { file, line, because: edited.error }, ports);
}

async function closeWindow(rule: Rule, stillActive: Stopped["stillActive"], { ledger, clock }: SimulatePorts): Promise<Result<Stopped>> {
  const stopped = await ledger.stop(rule.identity, clock.steady());
  return stopped ? ok({ stillActive }) : fail("conflict", `\`${rule.name}\` is not running`);
}

/** Begins a rule's window and tallies anew; a simulation that is switched off is switched on first. */
export async function rearm(name: string, ports: SimulatePorts): Promise<Result<Rule>> {
  const rule = ruleInForce(ports.layers(), name);
  if (rule === undefined) return unknownRule(name);
  const { active, durationMs } = rule.activation;
  if (active) {
    const begun = await ports.ledger.rearm(rule, ports.clock.steady());
    return begun ? ok(rule) : fail("conflict", `\`${name}\` is not in force: the rules changed meanwhile`);
  }
  const simulation = simulationOf(rule);
  if (simulation === undefined)
    return fail("conflict", `\`${name}\` is switched off at ${rule.file}:${rule.line}; set \`active: true\` there`);
  return await arm({ ...simulation, durationMs, temporary: rule.layer === "temporary" }, ports);
}

/** Moves the end of a running window. */
export async function extend(name: string, byMs: number, { layers, ledger, clock }: SimulatePorts): Promise<Result<Rule>> {
  const rule = ruleInForce(layers(), name);
  if (rule === undefined) return unknownRule(name);
  const extended = await ledger.extend(rule.identity, byMs, clock.steady());
  return extended ? ok(rule) : fail("conflict", `\`${name}\` has no running window with an end`);
}
