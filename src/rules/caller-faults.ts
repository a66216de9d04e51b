/** Faults that a caller requests for one call with the header `x-fault`, for parallel tests that must not share a rules file. */
import { LRUCache } from "lru-cache";
import { isMap, parseDocument } from "yaml";
import { headerValue, headerValues } from "../http/headers.ts";
import { parseRules } from "./language/parse.ts";
import type { Vocabulary } from "./language/vocabulary.ts";
import type { Facts, Firing, Rule } from "./rule.ts";
import { fire } from "./select/fire.ts";
import { matches } from "./select/select.ts";

/** The header's name; the header is removed before the call is forwarded. */
export const CALLER_HEADER = "x-fault";

export type CallerFault =
  | { readonly kind: "fires"; readonly firing: Firing }
  /** The header requests a fault for another API. */
  | { readonly kind: "passes" }
  /** The header is invalid; `message` contains the reason and the remedy. */
  | { readonly kind: "wrong"; readonly message: string };

/** Undefined for a call without the header. */
export type ReadCallerFault = (facts: Facts) => CallerFault | undefined;

type ReadRules = { readonly kind: "ok"; readonly rules: readonly Rule[] } | { readonly kind: "wrong"; readonly message: string };

const KEPT = 1000;
const LONGEST = 4096;
const REMEDY = "write `x-fault: pay=RISK_REJECT`, several with commas, or one rule as `x-fault: {api: pay, delay: 2s}`";
const REPEATED: ReadRules = {
  kind: "wrong",
  message: `the call has more than one \`${CALLER_HEADER}\` line: send one, with commas between its items`,
};

/**
 * Parses `api=CODE` (a list, with commas) or a rule in YAML's flow form. The rule acts on this call only and has neither window nor tallies.
 * `seed` makes random delays repeatable.
 */
export function createCallerFaults(vocabulary: Vocabulary, seed: string): ReadCallerFault {
  const known = new LRUCache<string, ReadRules>({ max: KEPT });
  const readOnce = (text: string): ReadRules => {
    const read = known.get(text) ?? readRules(text, vocabulary);
    known.set(text, read);
    return read;
  };
  return (facts) => {
    const text = headerValue(facts.request.headers, CALLER_HEADER);
    if (text === undefined) return undefined;
    const read = isRepeated(facts) ? REPEATED : readOnce(text);
    if (read.kind === "wrong") return read;
    const rule = read.rules.find((candidate) => concerns(candidate, facts) && matches(candidate, facts));
    const firing =
      rule === undefined ? undefined : fire(rule, { facts, rulesVersion: undefined }, { ordinal: 1, seed: `${seed}\u0000${text}` });
    return firing === undefined ? { kind: "passes" } : { kind: "fires", firing };
  };
}

function isRepeated({ request }: Facts): boolean {
  return headerValues(request.headers, CALLER_HEADER).length > 1;
}

function concerns(rule: Rule, { identity }: Facts): boolean {
  return rule.operations === undefined || (identity.operation !== undefined && rule.operations.has(identity.operation));
}

function readRules(text: string, vocabulary: Vocabulary): ReadRules {
  const rules = text.length > LONGEST ? undefined : toYaml(text.trim());
  if (rules === undefined) return { kind: "wrong", message: `\`${CALLER_HEADER}\` cannot be read; ${REMEDY}` };
  const parsed = parseRules([{ file: CALLER_HEADER, text: rules }], vocabulary);
  if (parsed.kind === "bad") {
    const problems = parsed.problems.map(({ message, remedy }) => [message, remedy].filter((part) => part !== undefined).join("; "));
    return { kind: "wrong", message: `\`${CALLER_HEADER}\`: ${problems.join(". ")}` };
  }
  const lasting = parsed.rules.rules.flatMap(lastingWords);
  if (lasting.length > 0) {
    const words = [...new Set(lasting)].map((word) => `\`${word}\``).join(", ");
    return { kind: "wrong", message: `\`${CALLER_HEADER}\`: ${words} would have an effect only over several calls; ${REMEDY}` };
  }
  return { kind: "ok", rules: parsed.rules.rules.map((rule) => ({ ...rule, name: CALLER_HEADER })) };
}

/** The keys of a rule that have no effect on a single call. */
function lastingWords({ activation, steps }: Rule): string[] {
  const { active, durationMs, fromMs, untilMs, skip, times, probability, per } = activation;
  const words: Readonly<Record<string, boolean>> = {
    active: !active,
    duration: durationMs !== undefined,
    from: fromMs !== undefined,
    until: untilMs !== undefined,
    skip: skip > 0,
    times: times !== undefined,
    probability: probability < 1,
    per: per !== undefined,
    steps: steps.length > 1,
  };
  return Object.keys(words).filter((word) => words[word]);
}

/** The text of a rules file; undefined when `text` has neither form. */
function toYaml(text: string): string | undefined {
  if (text.startsWith("{")) {
    return `rules:\n  - ${hasName(text) ? text : text.replace("{", `{name: ${CALLER_HEADER}, `)}\n`;
  }
  const items = text.split(",").map((item) => /^\s*([A-Za-z][\w.]*|\*)\s*=\s*([A-Z][A-Z0-9_]*)\s*$/.exec(item));
  if (items.some((item) => item === null)) return undefined;
  const rules = items.map((item, index) => `  - {name: ${CALLER_HEADER}-${index}, api: "${item?.[1]}", result: ${item?.[2]}}\n`);
  return `rules:\n${rules.join("")}`;
}

function hasName(text: string): boolean {
  const { contents } = parseDocument(text, { logLevel: "error" });
  return isMap(contents) && contents.has("name");
}
