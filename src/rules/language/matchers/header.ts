/** `header: {x-test: slow}`: headers of the request, case-insensitive names; one of several lines must match. */
import { z } from "zod";
import { headerValues } from "../../../http/headers.ts";
import type { Facts } from "../../rule.ts";
import { defineMatcher, type MatcherKind } from "../matcher.ts";
import { type Condition, compileCondition, conditionShape } from "./condition.ts";

const shape: z.ZodType<Readonly<Record<string, Condition>>> = z
  .record(
    z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: () => "a header name has letters, digits and hyphens; write it without `:`" }),
    conditionShape,
  )
  .refine((value) => Object.keys(value).length > 0, { error: () => "no header is named; write for example `header: {x-test: slow}`" })
  .meta({ description: "header names and what their values must be" });

export const headerMatcher: MatcherKind = defineMatcher({
  key: "header",
  schema: shape,
  compile(headers) {
    const tests = Object.entries(headers).map(([name, condition]) => ({ name: name.toLowerCase(), test: compileCondition(condition) }));
    const fails = (facts: Facts, { name, test }: (typeof tests)[number]): boolean => {
      const values = headerValues(facts.request.headers, name);
      return values.length === 0 ? !test.holds(undefined) : !values.some(test.holds);
    };
    return {
      kind: "ok",
      value: {
        kind: "header",
        summary: tests.map(({ name, test }) => `header \`${name}\` ${test.summary}`).join(" and "),
        matches: (facts) => !tests.some((one) => fails(facts, one)),
        found(facts) {
          const failed = tests.find((one) => fails(facts, one));
          if (failed === undefined) return undefined;
          return `\`${failed.name}\` ${headerValues(facts.request.headers, failed.name).length === 0 ? "is absent" : "has another value"}`;
        },
      },
    };
  },
});
