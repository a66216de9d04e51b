/** `api` under `when`: the operation, for rules with several operations (`not: {api: cancel}`). */
import { RULE_SHAPES } from "../compile/authored.ts";
import { defineMatcher, type MatcherKind } from "../matcher.ts";

export const apiMatcher: MatcherKind = defineMatcher({
  key: "api",
  schema: RULE_SHAPES.api,
  compile(value, site) {
    const names = [value].flat();
    const mistakes = names.flatMap((name, index) => {
      const checked = site.operations.check(name);
      if (checked.kind === "ok") return [];
      const remedy = checked.remedy === undefined ? {} : { remedy: checked.remedy };
      return [{ path: Array.isArray(value) ? [index] : [], message: checked.message, ...remedy }];
    });
    if (mistakes.length > 0) return { kind: "bad", mistakes };
    const wanted = new Set(names);
    return {
      kind: "ok",
      value: {
        kind: "api",
        summary: `api is \`${names.join("` or `")}\``,
        matches: ({ identity }) => identity.operation !== undefined && wanted.has(identity.operation),
        found: ({ identity }) => `it is ${identity.operation === undefined ? "unknown" : `\`${identity.operation}\``}`,
      },
    };
  },
});
