/** Explains for each rule why it would or would not act on a call, without counting the call. */
import { formatDuration } from "../../base/duration.ts";
import type { Claim, Ledger, Reason } from "../ledger.ts";
import type { Facts, Rule, RuleSet, Step } from "../rule.ts";
import { stepAt } from "../steps.ts";
import { keyOf } from "./key.ts";

export interface Explanation {
  readonly rule: string;
  readonly identity: string;
  readonly file: string;
  readonly line: number;
  /** `shadowed`: it would act if no earlier rule did. */
  readonly verdict: "acts" | "shadowed" | "passes";
  /** The reason, worded as the rest of a sentence that begins with the rule's name. */
  readonly because: string;
}

/** One explanation per rule, in file order, with windows and tallies as they are now. */
export async function explain(rules: RuleSet, facts: Facts, ledger: Ledger): Promise<readonly Explanation[]> {
  const explanations: Explanation[] = [];
  let actor: string | undefined;
  for (const rule of rules.rules) {
    const judgement = await judge(rule, facts, ledger);
    explanations.push(explainOne(rule, judgement, actor));
    if (judgement.kind === "acts") actor ??= rule.name;
  }
  return explanations;
}

type Judgement = { readonly kind: "acts"; readonly step: Step } | { readonly kind: "passes"; readonly because: string };

/** `actor` is the earlier rule that acts. */
function explainOne(rule: Rule, judgement: Judgement, actor: string | undefined): Explanation {
  const place = { rule: rule.name, identity: rule.identity, file: rule.file, line: rule.line };
  if (judgement.kind === "passes") return { ...place, verdict: "passes", because: judgement.because };
  if (actor !== undefined) return { ...place, verdict: "shadowed", because: `\`${actor}\` comes first and acts` };
  return { ...place, verdict: "acts", because: summaryOf(rule, judgement.step) };
}

function summaryOf(rule: Rule, step: Step): string {
  const faults = step.faults.map((fault) => fault.summary);
  const what = faults.length === 0 ? "forwards the call" : faults.join(", ");
  const place = rule.steps.length > 1 ? ` (step ${rule.steps.indexOf(step) + 1} of ${rule.steps.length})` : "";
  return `all its conditions hold: it ${what}${step.callUpstream && faults.length > 0 ? " after calling the gateway" : ""}${place}`;
}

async function judge(rule: Rule, facts: Facts, ledger: Ledger): Promise<Judgement> {
  const obstacle = obstacleOf(rule, facts);
  const key = keyOf(rule, facts);
  if (obstacle !== undefined) return { kind: "passes", because: obstacle };
  if (key === undefined) return { kind: "passes", because: `the body lacks \`${rule.activation.per}\`, which it counts by` };
  const claim: Claim = await ledger.peek(rule, key, facts.nowMs);
  if (claim.kind === "refused") return { kind: "passes", because: refusal(claim.reason, rule, facts, ledger) };
  const step = stepAt(rule, claim.ordinal);
  return step === undefined ? { kind: "passes", because: "its steps are done" } : { kind: "acts", step };
}

/** The reason in the rule and the call that prevents it from acting. */
function obstacleOf(rule: Rule, facts: Facts): string | undefined {
  const { operation } = facts.identity;
  if (!rule.activation.active) return "it is switched off (`active: false`)";
  if (rule.operations !== undefined && (operation === undefined || !rule.operations.has(operation))) {
    const call = operation === undefined ? "the call's path is unknown" : `the call is \`${operation}\``;
    return `it is for \`${[...rule.operations].join("`, `")}\`, and ${call}`;
  }
  const failed = rule.matchers.find((matcher) => !matcher.matches(facts));
  if (failed !== undefined) {
    const found = failed.found?.(facts);
    return `it requires ${failed.summary}${found === undefined ? "" : `; ${found}`}`;
  }
  return undefined;
}

function refusal(reason: Reason, rule: Rule, facts: Facts, ledger: Ledger): string {
  const window = ledger.stateOf(rule.identity)?.window;
  const { skip, times, probability, per } = rule.activation;
  const each = per === undefined ? "" : ` for this \`${per}\``;
  switch (reason) {
    case "unknown":
      return "it has just been loaded or replaced";
    case "waiting":
      return `its window opens in ${formatDuration((window?.startsAtMs ?? facts.nowMs) - facts.nowMs)}`;
    case "ended":
      return `its window ended ${formatDuration(facts.nowMs - (window?.endsAtMs ?? facts.nowMs))} ago; re-arm it or change the rule`;
    case "stopped":
      return "it was stopped manually; re-arm it";
    case "skipped":
      return `it lets the first ${skip} matching calls pass${each} (\`skip\`)`;
    case "spent":
      return `it has reached its number of firings${each} (${times === undefined ? "`steps` with `then: forward`" : `\`times: ${times}\``})`;
    case "unlucky":
      return `it was not selected this time (\`probability: ${probability}\`)`;
    case "away":
      return "the shared state is unreachable, and without it this rule could act too often or at the wrong time";
    default:
      return reason satisfies never;
  }
}
