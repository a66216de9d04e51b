/** The two layers of the rules in force: temporary rules, which no file holds, and after them the rules of the files. */
import type { Source } from "./language/parse.ts";
import type { Rule, RuleSet } from "./rule.ts";
import { createRuleSet } from "./rule-set.ts";

/** A rule of the temporary layer. */
export interface TemporaryRule {
  readonly rule: Rule;
  /** The text that it was read from, which may hold further rules. */
  readonly source: Source;
}

/** Immutable. A temporary rule hides the file rule of the same name. */
export interface RuleLayers {
  /** In the order in which they are tried, all before those of the files; no name occurs twice. */
  readonly temporary: readonly TemporaryRule[];
  /** As the files have them, hidden ones included. */
  readonly files: RuleSet;
}

/** The rules that calls meet: the temporary ones, then those of the files that none of them hides. */
export function rulesInForce({ temporary, files }: RuleLayers): RuleSet {
  if (temporary.length === 0) return files;
  const names = namesOf(temporary);
  return createRuleSet([...temporary.map(({ rule }) => rule), ...files.rules.filter((rule) => !names.has(rule.name))]);
}

/** All rules of both layers, each identity once. Windows of hidden rules run on, so that such a rule does not begin anew when it comes back. */
export function rulesOfBoth({ temporary, files }: RuleLayers): readonly Rule[] {
  if (temporary.length === 0) return files.rules;
  const identities = new Set(temporary.map(({ rule }) => rule.identity));
  return [...temporary.map(({ rule }) => rule), ...files.rules.filter((rule) => !identities.has(rule.identity))];
}

/** The rules of the files that a temporary rule hides, by name. */
export function hiddenRules({ temporary, files }: RuleLayers): ReadonlyMap<string, Rule> {
  if (temporary.length === 0) return new Map();
  const names = namesOf(temporary);
  return new Map(files.rules.filter((rule) => names.has(rule.name)).map((rule) => [rule.name, rule]));
}

/** The temporary rule of this name; undefined where there is none. */
export function temporaryRule({ temporary }: RuleLayers, name: string): TemporaryRule | undefined {
  return temporary.find(({ rule }) => rule.name === name);
}

function namesOf(temporary: readonly TemporaryRule[]): ReadonlySet<string> {
  return new Set(temporary.map(({ rule }) => rule.name));
}
