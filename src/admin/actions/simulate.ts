/** Switching rules on and off: a simulation in its file, which stays the only truth; the window of any other rule in the ledger. */
import { checkOperation, checkResult } from "../../antom/catalogue/check-result.ts";
import { formatDuration } from "../../base/duration.ts";
import { slug } from "../../rules/language/compile/slug.ts";
import { phaseOf } from "../../rules/ledger.ts";
import type { Rule } from "../../rules/rule.ts";
import { simulationOf } from "../../rules/simulation.ts";
import type { AdminPorts } from "../ports.ts";
import type { EditTexts, FileEdit } from "./edit-texts.ts";
import { freeName } from "./free-name.ts";
import { fail, ok, type Result } from "./result.ts";

/** The proxy with the editor of its rules' texts. */
export type SimulatePorts = Pick<AdminPorts, "store" | "ledger" | "clock" | "texts"> & { readonly edit: EditTexts };

export interface Simulation {
  readonly operation: string;
  readonly code: string;
  /** Undefined: until switched off. */
  readonly durationMs: number | undefined;
}

/** Answers every call of the operation with the code from now on; another simulation of the same operation is switched off, as on Antom's page. */
export async function arm(simulation: Simulation, ports: SimulatePorts): Promise<Result<Rule>> {
  const { operation, code, durationMs } = simulation;
  const obstacle = obstacleOf(operation, code);
  if (obstacle !== undefined) return fail("invalid", obstacle);
  const rules = ports.store.current().rules;
  const own = rules.filter((rule) => simulationOf(rule)?.operation === operation);
  const kept = own.find((rule) => simulationOf(rule)?.code === code);
  const name = kept?.name ?? freeName(slug(`${operation}-${code}`), rules);
  const duration = durationMs === undefined ? undefined : formatDuration(durationMs);
  const others = own.filter((rule) => rule !== kept && rule.activation.active);
  const edits = [
    ...others.map((rule) => change(rule, { active: false })),
    kept === undefined
      ? ({ file: ports.texts.home, edit: { kind: "add", rule: ruleOf({ name, operation, code, duration }) } } as const)
      : change(kept, { active: true, duration }),
  ];
  const edited = await ports.edit(edits);
  return edited.kind === "ok" ? await beginAnew(name, ports) : edited;
}

function obstacleOf(operation: string, code: string): string | undefined {
  const api = checkOperation(operation);
  const checked = api.kind === "ok" ? checkResult([operation], code, false) : api;
  return "message" in checked ? [checked.message, checked.remedy].filter(Boolean).join("; ") : undefined;
}

/** How a rule was ended. */
export interface Stopped {
  /** Where the file still says `active: true` although it was to be changed, and why it was not; undefined where it was changed, or was not to be. */
  readonly stillActive: { readonly file: string; readonly line: number; readonly because: string } | undefined;
}

/**
 * Ends a rule now: a simulation in its file, any other rule by closing its window until it is re-armed. So is a simulation whose file cannot
 * be changed, because it has a mistake or cannot be written.
 */
export async function stop(name: string, ports: SimulatePorts): Promise<Result<Stopped>> {
  const rule = ruleNamed(name, ports);
  if (rule === undefined) return unknownRule(name);
  if (!rule.activation.active || simulationOf(rule) === undefined) return await closeWindow(rule, undefined, ports);
  const edited = await ports.edit([change(rule, { active: false })]);
  if (edited.kind === "ok") return ok({ stillActive: undefined });
  return await closeWindow(rule, { file: rule.file, line: rule.line, because: edited.error }, ports);
}

async function closeWindow(rule: Rule, stillActive: Stopped["stillActive"], { ledger, clock }: SimulatePorts): Promise<Result<Stopped>> {
  const stopped = await ledger.stop(rule.identity, clock.steady());
  return stopped ? ok({ stillActive }) : fail("conflict", `\`${rule.name}\` is not running`);
}

/** Begins a rule's window and tallies anew; a simulation that is switched off is switched on first. */
export async function rearm(name: string, ports: SimulatePorts): Promise<Result<Rule>> {
  const rule = ruleNamed(name, ports);
  if (rule === undefined) return unknownRule(name);
  if (rule.activation.active) return await beginAnew(name, ports);
  const simulation = simulationOf(rule);
  if (simulation === undefined)
    return fail("conflict", `\`${name}\` is switched off at ${rule.file}:${rule.line}; set \`active: true\` there`);
  return await arm({ ...simulation, durationMs: rule.activation.durationMs }, ports);
}

/** Moves the end of a running window. */
export async function extend(name: string, byMs: number, ports: SimulatePorts): Promise<Result<Rule>> {
  const rule = ruleNamed(name, ports);
  if (rule === undefined) return unknownRule(name);
  const extended = await ports.ledger.extend(rule.identity, byMs, ports.clock.steady());
  return extended ? ok(rule) : fail("conflict", `\`${name}\` has no running window with an end`);
}

/** The rule just written may have a window that ended or was stopped long ago. */
async function beginAnew(name: string, ports: SimulatePorts): Promise<Result<Rule>> {
  const rule = ruleNamed(name, ports);
  if (rule === undefined) return fail("conflict", `\`${name}\` was written, but is not in force: the rules files changed meanwhile`);
  const { ledger, clock } = ports;
  const { window, firings = 0 } = ledger.stateOf(rule.identity) ?? {};
  const isYoung = window !== undefined && clock.steady() - window.startsAtMs < 1000 && phaseOf(window, clock.steady()) === "running";
  const isFresh = isYoung && firings === 0;
  if (!isFresh) await ledger.rearm(rule, clock.steady());
  return ok(rule);
}

function ruleNamed(name: string, { store }: Pick<AdminPorts, "store">): Rule | undefined {
  return store.current().rules.find((rule) => rule.name === name);
}

function unknownRule(name: string): Result<never> {
  return fail("not-found", `there is no rule \`${name}\``);
}

function change(rule: Rule, changes: Readonly<Record<string, string | boolean | undefined>>): FileEdit {
  return { file: rule.file, edit: { kind: "set", name: rule.name, changes } };
}

interface NewSimulation {
  readonly name: string;
  readonly operation: string;
  readonly code: string;
  readonly duration: string | undefined;
}

/** The keys in the order in which a person would write them. */
function ruleOf({ name, operation, code, duration }: NewSimulation): Readonly<Record<string, unknown>> {
  return { name, api: operation, active: true, ...(duration === undefined ? {} : { duration }), result: code };
}
