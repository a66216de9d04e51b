/** Compiles one authored rule: parsed and checked key by key → normal form (hashed) → compiled. */
import type { Compiled } from "../../../faults/fault.ts";
import { identityOf } from "../../identity.ts";
import type { Matcher, Rule } from "../../rule.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { RULE_SHAPES } from "./authored.ts";
import { type MappingReader, readMapping, refuseStrangers } from "./mapping-reader.ts";
import { readActivation } from "./read-activation.ts";
import { readSteps } from "./read-steps.ts";
import { readTarget } from "./read-target.ts";
import { ruleMeaning } from "./rule-meaning.ts";
import { derivedName } from "./rule-name.ts";
import { compileWhen } from "./when.ts";

/** A compiled rule without its place in a file. */
export type PlacelessRule = Omit<Rule, "file" | "line" | "layer">;

/** Compiles `authored` (plain data from YAML or JSON), or returns all mistakes. */
export function compileRule(authored: unknown, vocabulary: Vocabulary): Compiled<PlacelessRule> {
  const reader = readMapping(authored, "a rule");
  if (reader.mistakes.length > 0) return { kind: "bad", mistakes: reader.mistakes };
  refuseStrangers(reader, ruleKeys(vocabulary), (key) => hintFor(key, vocabulary));
  const name = readName(reader, vocabulary);
  const target = readTarget(reader, vocabulary);
  const matchers = readWhen(reader, vocabulary);
  const activation = readActivation(reader);
  const site = { operations: target.operations, allowUnknown: reader.read("allowUnknown", RULE_SHAPES.allowUnknown) ?? false };
  const steps = readSteps(reader, { vocabulary, site });
  const afterwards = reader.read("then", RULE_SHAPES.then) ?? "last";
  const description = reader.read("description", RULE_SHAPES.description);
  const [first] = steps;
  if (reader.mistakes.length > 0 || first === undefined) return { kind: "bad", mistakes: reader.mistakes };
  const rule: PlacelessRule = {
    name,
    identity: identityOf(name, ruleMeaning(reader.source, { target, activation, steps, afterwards })),
    description,
    operations: target.operations === undefined ? undefined : new Set(target.operations),
    matchers: [...target.matchers, ...matchers],
    activation,
    perAlias: vocabulary.correlation.find(({ field }) => field === activation.per)?.alias,
    callUpstream: first.callUpstream,
    faults: first.faults,
    steps,
    afterwards,
  };
  return { kind: "ok", value: rule };
}

/** All keys of a rule. */
export function ruleKeys(vocabulary: Vocabulary): readonly string[] {
  return [...Object.keys(RULE_SHAPES), ...vocabulary.faults.map((kind) => kind.key)];
}

function hintFor(key: string, vocabulary: Vocabulary): string | undefined {
  if (vocabulary.matchers.some((kind) => kind.key === key)) return `conditions belong under \`when\`: \`when: {${key}: …}\``;
  return undefined;
}

/** Empty when missing; the mistake is then recorded. */
function readName(reader: MappingReader, vocabulary: Vocabulary): string {
  if (reader.has("name")) return reader.read("name", RULE_SHAPES.name) ?? "";
  const faultKeys = vocabulary.faults.map((kind) => kind.key);
  const name = derivedName(reader, faultKeys);
  if (name === undefined) reader.fail({ path: [], message: "the rule has no name, and none can be derived", remedy: "add `name: …`" });
  return name ?? "";
}

function readWhen(reader: MappingReader, vocabulary: Vocabulary): readonly Matcher[] {
  if (!reader.has("when")) return [];
  const compiled = compileWhen(reader.source["when"], vocabulary);
  if (compiled.kind === "ok") return compiled.value;
  reader.failInside(["when"], compiled.mistakes);
  return [];
}
