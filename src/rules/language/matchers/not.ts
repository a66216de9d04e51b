/** `not: {api: cancel}`: matches unless all its conditions match. */

import { compileWhen } from "../compile/when.ts";
import type { MatcherKind } from "../matcher.ts";

export const notMatcher: MatcherKind = {
  key: "not",
  schema: (nested) => nested,
  compile(value, site) {
    const inner = compileWhen(value, site);
    if (inner.kind === "bad") return inner;
    const { value: matchers } = inner;
    return {
      kind: "ok",
      value: {
        kind: "not",
        summary: `not (${matchers.map((matcher) => matcher.summary).join(" and ")})`,
        readsBody: matchers.some((matcher) => matcher.readsBody),
        matches: (facts) => !matchers.every((matcher) => matcher.matches(facts)),
      },
    };
  },
};
