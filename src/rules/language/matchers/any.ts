/** `any: [{…}, {…}]`: matches when one of its blocks matches. */
import { z } from "zod";
import type { Mistake } from "../../../faults/fault.ts";
import { readShape } from "../../../faults/mistakes.ts";
import type { Matcher } from "../../rule.ts";
import { compileWhen } from "../compile/when.ts";
import type { MatcherKind } from "../matcher.ts";

const list = z.array(z.unknown()).min(1);

export const anyMatcher: MatcherKind = {
  key: "any",
  schema: (nested) => z.array(nested).min(1).meta({ description: "one of these blocks must hold" }),
  compile(value, site) {
    const read = readShape(list, value, "any");
    if (read.kind === "bad") return read;
    const mistakes: Mistake[] = [];
    const blocks: (readonly Matcher[])[] = [];
    for (const [index, authored] of read.value.entries()) {
      const block = compileWhen(authored, site);
      if (block.kind === "ok") blocks.push(block.value);
      else mistakes.push(...block.mistakes.map((mistake) => ({ ...mistake, path: [index, ...mistake.path] })));
    }
    if (mistakes.length > 0) return { kind: "bad", mistakes };
    return {
      kind: "ok",
      value: {
        kind: "any",
        summary: blocks.map((block) => `(${block.map((matcher) => matcher.summary).join(" and ")})`).join(" or "),
        readsBody: blocks.some((block) => block.some((matcher) => matcher.readsBody)),
        matches: (facts) => blocks.some((block) => block.every((matcher) => matcher.matches(facts))),
      },
    };
  },
};
