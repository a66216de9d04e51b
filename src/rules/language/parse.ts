/** Parses rules files to a RuleSet, or to a list of all mistakes; used at start, on reload, by `check` and by the page. */

import type { Problem } from "../../base/problem.ts";
import type { Mistake } from "../../faults/mistakes.ts";
import type { Layer, Rule, RuleSet } from "../rule.ts";
import { createRuleSet } from "../rule-set.ts";
import { compileRule } from "./compile/compile-rule.ts";
import { MOST_RULES, MOST_TEXT, TOO_MANY_RULES, TOO_MUCH_TEXT, tooMuch } from "./limits.ts";
import { createPlaces, type Place } from "./text/frame.ts";
import { createLineFinder } from "./text/line-finder.ts";
import type { PlacedMistake } from "./text/placed-mistake.ts";
import { type Item, readItems } from "./text/read-items.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** One rules file; `file` is the path as the user gave it. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** The layer of its rules; default `files`. */
  readonly layer?: Layer;
}

export type Parsed = { readonly kind: "ok"; readonly rules: RuleSet } | { readonly kind: "bad"; readonly problems: readonly Problem[] };

/** Further problems are counted, not listed. */
const MOST_PROBLEMS = 50;

/** Parses, checks and compiles all `sources`, merged in the given order. Never throws. */
export function parseRules(sources: readonly Source[], vocabulary: Vocabulary): Parsed {
  const steps = parsingRules(sources, vocabulary);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** Same in small steps; the caller may pause after each. */
export function* parsingRules(sources: readonly Source[], vocabulary: Vocabulary): Generator<undefined, Parsed> {
  const rules: Rule[] = [];
  const problems: Problem[] = [];
  const names = new Map<string, Rule>();
  const take = (rule: Rule, item: Item): readonly PlacedMistake[] => {
    const earlier = names.get(rule.name);
    if (earlier === undefined) names.set(rule.name, rule);
    rules.push(rule);
    return earlier === undefined ? [] : [sameName(item, earlier)];
  };
  let characters = 0;
  for (const source of sources) {
    characters += source.text.length;
    if (characters > MOST_TEXT) return { kind: "bad", problems: [tooMuch(source.file, TOO_MUCH_TEXT)] };
    problems.push(...listProblems(source, yield* readSource(source, vocabulary, take)));
    if (rules.length > MOST_RULES) return { kind: "bad", problems: [tooMuch(source.file, TOO_MANY_RULES)] };
  }
  return problems.length > 0 ? { kind: "bad", problems } : { kind: "ok", rules: createRuleSet(rules) };
}

/** Passes every valid rule to `take`; returns the mistakes of all rules, unordered. */
function* readSource(
  source: Source,
  vocabulary: Vocabulary,
  take: (rule: Rule, item: Item) => readonly PlacedMistake[],
): Generator<undefined, readonly PlacedMistake[]> {
  const { items, mistakes: unreadable } = yield* readItems(source.text);
  const positionOf = createLineFinder(source.text);
  const mistakes = [...unreadable];
  /** A misread value is reported once, without the mistakes that follow from it. */
  const told = new Set(unreadable.map(({ span }) => span.offset));
  for (const item of items) {
    const compiled = compileRule(item.value, vocabulary);
    if (compiled.kind === "ok") {
      const { line } = positionOf(item.offset);
      mistakes.push(...take({ ...compiled.value, file: source.file, line, layer: source.layer ?? "files" }, item));
    } else mistakes.push(...compiled.mistakes.map((mistake) => placed(mistake, item)).filter(({ span }) => !told.has(span.offset)));
    yield;
  }
  return mistakes;
}

function placed(mistake: Mistake, item: Item): PlacedMistake {
  return { ...mistake, span: item.span(mistake.path, mistake.at) };
}

function sameName(item: Item, earlier: Rule): PlacedMistake {
  const message = `the name \`${earlier.name}\` is taken by the rule at ${earlier.file}:${earlier.line}`;
  return { span: item.span(["name"], undefined), message, remedy: "give one of them another name" };
}

function listProblems(source: Source, mistakes: readonly PlacedMistake[]): Problem[] {
  if (mistakes.length === 0) return [];
  const placeAt = createPlaces(source.text);
  const sorted = [...mistakes].sort((left, right) => left.span.offset - right.span.offset);
  const problems = sorted.slice(0, MOST_PROBLEMS).map((mistake) => toProblem(source.file, mistake, placeAt));
  const left = sorted.length - problems.length;
  if (left > 0) {
    problems.push({
      file: source.file,
      line: undefined,
      column: undefined,
      message: `${left} more mistakes in this file`,
      remedy: "correct those above first",
      frame: undefined,
    });
  }
  return problems;
}

function toProblem(file: string, { span, message, remedy }: PlacedMistake, placeAt: (offset: number, length: number) => Place): Problem {
  return { file, message, remedy, ...placeAt(span.offset, span.length) };
}
