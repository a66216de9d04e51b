/** Reads a rule's faults, or its steps with their faults. */
import type { Fault, RuleSite } from "../../../faults/fault.ts";
import { oneOf } from "../../../faults/nearest.ts";
import type { Step } from "../../rule.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { RULE_SHAPES, STEP_SHAPES } from "./authored.ts";
import { type MappingReader, readMapping, refuseStrangers } from "./mapping-reader.ts";

/** The vocabulary and the rule for which steps are read. */
export interface StepSite {
  readonly vocabulary: Vocabulary;
  readonly site: RuleSite;
}

/** The steps of the rule under `reader`; one for a rule without `steps`. Mistakes are recorded there. */
export function readSteps(reader: MappingReader, where: StepSite): readonly Step[] {
  if (!reader.has("steps")) {
    if (reader.has("then"))
      reader.fail({ path: ["then"], at: "key", message: "`then` stands without `steps`", remedy: "add `steps`, or remove it" });
    return [readStep(reader, where)];
  }
  const faultKeys = where.vocabulary.faults.map((kind) => kind.key);
  for (const key of [...faultKeys, "upstream", "forward"].filter(reader.has)) {
    reader.fail({
      path: [key],
      at: "key",
      message: `\`${key}\` and \`steps\` cannot be combined`,
      remedy: "move it into the steps",
    });
  }
  const steps = reader.read("steps", RULE_SHAPES.steps) ?? [];
  return steps.map((authored, index) => {
    const step = readMapping(authored, "a step");
    const known = [...faultKeys, ...Object.keys(STEP_SHAPES)];
    refuseStrangers(step, known, (key) => (key in RULE_SHAPES ? "it belongs to the rule, not to a step" : undefined));
    const times = step.read("times", STEP_SHAPES.times) ?? 1;
    const read = readStep(step, where);
    reader.failInside(["steps", index], step.mistakes);
    return { ...read, times };
  });
}

function readStep(reader: MappingReader, where: StepSite): Step {
  const faults = readFaults(reader, where);
  const upstream = reader.read("upstream", STEP_SHAPES.upstream);
  const forward = reader.read("forward", STEP_SHAPES.forward) ?? false;
  const makers = faults.filter((fault) => fault.answer === "makes");
  const needsAnswer = makers.length === 0 && faults.some((fault) => fault.answer === "needs");
  const callUpstream = forward || upstream === "call" || (upstream === undefined && needsAnswer);
  refuseContradictions(reader, { faults, makers, forward, upstream });
  if (needsAnswer && upstream === "skip") {
    const names = oneOf(faults.filter((fault) => fault.answer === "needs").map((fault) => fault.kind));
    reader.fail({
      path: ["upstream"],
      message: `\`upstream: skip\` leaves ${names} no answer to change`,
      remedy: "write `upstream: call`, or add `result`",
    });
  }
  if (!callUpstream && !where.vocabulary.faults.some((kind) => reader.has(kind.key))) {
    const words = oneOf(where.vocabulary.faults.map((kind) => kind.key));
    reader.fail({ path: [], message: "the rule has no effect", remedy: `add ${words}, or \`forward: true\` to let calls pass` });
  }
  return { times: 1, callUpstream, faults };
}

interface Wishes {
  readonly faults: readonly Fault[];
  readonly makers: readonly Fault[];
  readonly forward: boolean;
  readonly upstream: "skip" | "call" | undefined;
}

function refuseContradictions(reader: MappingReader, wishes: Wishes): void {
  const [first, second] = wishes.makers;
  if (first !== undefined && second !== undefined) {
    const message = `\`${first.kind}\` and \`${second.kind}\` both create the answer`;
    reader.fail({ path: [second.kind], at: "key", message, remedy: "keep one, or make them `steps`" });
  }
  const [one, other] = wishes.faults.filter((fault) => fault.delivers);
  if (one !== undefined && other !== undefined) {
    const message = `\`${one.kind}\` and \`${other.kind}\` both decide how the answer is sent`;
    reader.fail({ path: [other.kind], at: "key", message, remedy: "keep one, or make them `steps`" });
  }
  if (wishes.forward && first !== undefined) {
    const message = `\`forward: true\` and \`${first.kind}\` contradict each other`;
    reader.fail({ path: ["forward"], at: "key", message, remedy: "`upstream: call` calls the gateway and then replaces its answer" });
  }
  if (wishes.forward && wishes.upstream === "skip") {
    reader.fail({ path: ["upstream"], message: "`forward: true` and `upstream: skip` contradict each other", remedy: "keep one of them" });
  }
}

function readFaults(reader: MappingReader, where: StepSite): readonly Fault[] {
  const faults: Fault[] = [];
  for (const kind of where.vocabulary.faults) {
    if (!reader.has(kind.key)) continue;
    const compiled = kind.compile(reader.source[kind.key], where.site);
    if (compiled.kind === "ok") faults.push(compiled.value);
    else reader.failInside([kind.key], compiled.mistakes);
  }
  return faults;
}
