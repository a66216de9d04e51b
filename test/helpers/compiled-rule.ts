/** Whole compiled rules for tests that do not parse any. */
import type { Rule } from "../../src/rules/rule.ts";

/** An active rule without conditions, window or faults. */
export function compiledRule(changes: Partial<Rule> = {}): Rule {
  return {
    name: "a-rule",
    identity: "a-rule#1",
    description: undefined,
    file: "rules.yaml",
    line: 1,
    layer: "files",
    operations: undefined,
    matchers: [],
    activation: {
      active: true,
      durationMs: undefined,
      fromMs: undefined,
      untilMs: undefined,
      skip: 0,
      times: undefined,
      probability: 1,
      per: undefined,
    },
    perAlias: undefined,
    callUpstream: false,
    faults: [],
    steps: [],
    afterwards: "last",
    ...changes,
  };
}
