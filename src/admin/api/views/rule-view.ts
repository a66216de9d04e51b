/** A rule as the page shows it: what it does, how it stands now, and what the page may do with it. */
import { z } from "zod";
import { resultCode } from "../../../antom/catalogue/result-codes.ts";
import type { Rule } from "../../../rules/rule.ts";
import { rulePhase } from "../../../rules/select/rule-phase.ts";
import { simulationOf } from "../../../rules/simulation.ts";
import type { AdminPorts } from "../../ports.ts";

export const ruleView = z
  .object({
    name: z.string(),
    identity: z.string(),
    file: z.string(),
    line: z.int(),
    layer: z
      .enum(["files", "temporary"])
      .describe("temporary: no file holds it; it is tried before the rules of the files and ends with the proxy"),
    hides: z.string().optional().describe("file:line of a rule of the files with this name, which is not in force while this one is"),
    description: z.string().optional(),
    operations: z.array(z.string()).optional().describe("absent: any operation"),
    conditions: z.array(z.string()).describe("all must hold"),
    effects: z.array(z.string()).describe("what a firing does, one entry a step"),
    schedule: z.array(z.string()).describe("when and how often it acts, in words"),
    phase: z.enum(["off", "waiting", "running", "ended", "stopped", "spent"]).describe("spent: it has acted as often as it may"),
    startsAtMs: z.number().optional(),
    endsAtMs: z.number().optional().describe("epoch milliseconds; absent: until switched off"),
    durationMs: z.number().optional(),
    firings: z.int().describe("since the window began"),
    shadowedBy: z.string().optional().describe("a running rule before it that takes every call of its APIs: it cannot act"),
    simulation: z
      .object({ operation: z.string(), code: z.string(), status: z.enum(["S", "F", "U"]).optional() })
      .optional()
      .describe("present for a rule that only answers one API with one result code: the page may switch it on and off"),
  })
  .meta({ id: "Rule" });

export type RuleView = z.infer<typeof ruleView>;

type ViewPorts = Pick<AdminPorts, "ledger" | "clock">;

/** The view of `rule` now. */
export function viewRule(rule: Rule, ports: ViewPorts): RuleView {
  const state = ports.ledger.stateOf(rule.identity);
  const { durationMs } = rule.activation;
  const phase = rulePhase(rule, ports.ledger, ports.clock.steady());
  return {
    name: rule.name,
    identity: rule.identity,
    file: rule.file,
    line: rule.line,
    layer: rule.layer,
    description: rule.description,
    operations: rule.operations === undefined ? undefined : [...rule.operations],
    conditions: rule.matchers.map((matcher) => matcher.summary),
    effects: rule.steps.map(describeStep),
    schedule: describeSchedule(rule),
    phase,
    startsAtMs: phase === "off" ? undefined : wallOf(state?.window.startsAtMs, ports),
    endsAtMs: phase === "off" ? undefined : wallOf(state?.window.endsAtMs, ports),
    durationMs,
    firings: state?.firings ?? 0,
    simulation: viewSimulation(rule),
  };
}

/** A moment of a window in whole epoch milliseconds. */
function wallOf(steadyMs: number | undefined, { clock }: ViewPorts): number | undefined {
  return steadyMs === undefined ? undefined : Math.round(steadyMs + clock.wall() - clock.steady());
}

/** The simulation with the status that its code has. */
function viewSimulation(rule: Rule): RuleView["simulation"] {
  const simulation = simulationOf(rule);
  return simulation === undefined ? undefined : { ...simulation, status: resultCode(simulation.operation, simulation.code)?.status };
}

function describeStep(step: Rule["steps"][number]): string {
  const what = step.faults.map((fault) => fault.summary).join(", ") || "forwards the call";
  const upstream = step.callUpstream && step.faults.length > 0 ? ", after calling the gateway" : "";
  return `${what}${upstream}${step.times === 1 ? "" : `, ${step.times} times`}`;
}

function describeSchedule({ activation, steps, afterwards }: Rule): string[] {
  const { fromMs, untilMs, skip, times, probability, per } = activation;
  const said = [
    fromMs === undefined ? undefined : `from ${new Date(fromMs).toISOString()}`,
    untilMs === undefined ? undefined : `until ${new Date(untilMs).toISOString()}`,
    skip === 0 ? undefined : `skips the first ${skip}`,
    times === undefined ? undefined : `at most ${times === 1 ? "once" : `${times} times`}`,
    probability === 1 ? undefined : `with probability ${probability}`,
    per === undefined ? undefined : `counted per ${per}`,
    steps.length < 2 ? undefined : `then ${afterwards}`,
  ];
  return said.filter((part) => part !== undefined);
}
