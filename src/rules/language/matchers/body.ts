/** `body: {paymentAmount.value: {gte: 10000}}`: fields of the request's JSON body by dotted path. */
import { z } from "zod";
import type { Facts, MatcherKey } from "../../rule.ts";
import { fieldOf } from "../field.ts";
import { defineMatcher, type MatcherKind } from "../matcher.ts";
import { type Condition, compileCondition, conditionShape, type Test, textOf } from "./condition.ts";

const shape: z.ZodType<Readonly<Record<string, Condition>>> = z
  .record(z.string().min(1), conditionShape)
  .refine((value) => Object.keys(value).length > 0, {
    error: () => "no field is named; write for example `body: {paymentAmount.value: {gte: 10000}}`",
  })
  .meta({ description: "dotted paths of body fields and what their values must be; numbers count list entries from 0" });

interface FieldTest {
  readonly path: string;
  readonly parts: readonly string[];
  readonly test: Test;
}

export const bodyMatcher: MatcherKind = defineMatcher({
  key: "body",
  schema: shape,
  compile(fields) {
    const tests = Object.entries(fields).map(
      ([path, condition]): FieldTest => ({ path, parts: path.split("."), test: compileCondition(condition) }),
    );
    const summary = tests.map(({ path, test }) => `body field \`${path}\` ${test.summary}`).join(" and ");
    return {
      kind: "ok",
      value: {
        kind: "body",
        summary,
        readsBody: true,
        matches: (facts) => tests.every(({ parts, test }) => test.holds(fieldOf(facts.body(), parts))),
        key: keyOf(tests),
        found: (facts) => foundIn(facts, tests),
      },
    };
  },
});

function keyOf(tests: readonly FieldTest[]): MatcherKey | undefined {
  for (const { path, parts, test } of tests) {
    if (test.only !== undefined)
      return { fact: `body ${path}`, valueOf: (facts) => textOf(fieldOf(facts.body(), parts)), values: test.only };
  }
  return undefined;
}

/** Values are shown only in numeric comparisons: other values may be card numbers or tokens. */
function foundIn(facts: Facts, tests: readonly FieldTest[]): string | undefined {
  if (facts.body() === undefined) return "the body is not JSON";
  const failed = tests.find(({ parts, test }) => !test.holds(fieldOf(facts.body(), parts)));
  if (failed === undefined) return undefined;
  const value = fieldOf(facts.body(), failed.parts);
  if (value === undefined) return `\`${failed.path}\` is absent`;
  const shown = textOf(value);
  if (shown === undefined) return `\`${failed.path}\` is ${Array.isArray(value) ? "a list" : "an object"}`;
  return failed.test.isNumeric && /^-?[\d.]{1,11}$/.test(shown) ? `\`${failed.path}\` is ${shown}` : `\`${failed.path}\` has another value`;
}
