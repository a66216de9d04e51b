/** `path`, a glob: the path of the call as the client wrote it, without its query. */

import type { Facts, Matcher } from "../../rule.ts";
import { RULE_SHAPES } from "../compile/authored.ts";
import { compileGlob } from "../glob.ts";
import { defineMatcher, type MatcherKind } from "../matcher.ts";

export const pathMatcher: MatcherKind = defineMatcher({
  key: "path",
  schema: RULE_SHAPES.path,
  compile: (pattern) => ({ kind: "ok", value: matchPath(pattern) }),
});

/** A matcher for a pattern in which `*` matches within a segment and `**` across segments. */
export function matchPath(pattern: string): Matcher {
  const test = compileGlob(pattern, { separator: "/" });
  return {
    kind: "path",
    summary: `path is like ${pattern}`,
    matches: (facts) => test(pathOf(facts)),
    found: (facts) => `it is ${pathOf(facts).slice(0, 200)}`,
  };
}

function pathOf(facts: Facts): string {
  const { path } = facts.request;
  const query = path.indexOf("?");
  return query < 0 ? path : path.slice(0, query);
}
