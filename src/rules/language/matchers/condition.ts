/** A condition on one value, for `header` and `body`: equal, in, pattern, exists, and numbers. */
import { z } from "zod";
import { keyed } from "../../../faults/mistakes.ts";
import { compileGlob } from "../glob.ts";

const plain = z.union([z.string(), z.number(), z.boolean()]);
const numeric = z.union([
  z.number(),
  z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/, { error: () => "this is not a number; write for example `10000`" }),
]);
const pattern = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !looksLikeRegExp(text), {
    error: () =>
      "this looks like a regular expression; patterns are globs: `*` stands for any characters, `?` for one, other characters match themselves",
  });

const comparison = keyed({
  equal: plain.optional().meta({ description: "the same text; numbers and their text are the same" }),
  in: z.array(plain).min(1).optional().meta({ description: "one of these" }),
  pattern: pattern.optional().meta({ description: "a glob over the whole text: * any characters, ? one" }),
  exists: z.boolean().optional().meta({ description: "whether it is there at all" }),
  gt: numeric.optional().meta({ description: "as a number greater; Antom sends amounts as text in minor units" }),
  gte: numeric.optional(),
  lt: numeric.optional(),
  lte: numeric.optional(),
}).refine((value) => Object.keys(value).length > 0, {
  error: () => "the condition is empty; use one of `equal`, `in`, `pattern`, `exists`, `gt`, `gte`, `lt`, `lte`",
  when: ({ issues }) => issues.length === 0,
});

/** A plain value means `equal`, a list means `in`. */
export const conditionShape: z.ZodType<Condition> = z.union([plain, z.array(plain).min(1), comparison]);

type Plain = string | number | boolean;

export type Condition = Plain | readonly Plain[] | Comparison;

interface Comparison {
  readonly equal?: Plain | undefined;
  readonly in?: readonly Plain[] | undefined;
  readonly pattern?: string | undefined;
  readonly exists?: boolean | undefined;
  readonly gt?: number | string | undefined;
  readonly gte?: number | string | undefined;
  readonly lt?: number | string | undefined;
  readonly lte?: number | string | undefined;
}

/** A compiled condition. */
export interface Test {
  /** `is SANDBOX_A`, `is at least 100`. */
  readonly summary: string;
  /** True when only a number is compared; its value may then be shown. */
  readonly isNumeric: boolean;
  /** The only texts that match; undefined: not a finite set. */
  readonly only: readonly string[] | undefined;
  holds(value: unknown): boolean;
}

export function compileCondition(condition: Condition): Test {
  const parts = partsOf(condition);
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return {
    summary: parts.map((part) => part.summary).join(" and "),
    isNumeric: parts.every((part) => part.isNumeric),
    only: parts.find((part) => part.only !== undefined)?.only,
    holds: (value) => parts.every((part) => part.holds(value)),
  };
}

function partsOf(condition: Condition): Test[] {
  if (isList(condition)) return [among(condition)];
  if (typeof condition !== "object") return [equal(condition)];
  const { exists } = condition;
  return [
    condition.equal === undefined ? undefined : equal(condition.equal),
    condition.in === undefined ? undefined : among(condition.in),
    condition.pattern === undefined ? undefined : like(condition.pattern),
    exists === undefined ? undefined : test(exists ? "is there" : "is not there", (value) => (value !== undefined) === exists),
    compare(condition.gt, "greater than", (value, bound) => value > bound),
    compare(condition.gte, "at least", (value, bound) => value >= bound),
    compare(condition.lt, "less than", (value, bound) => value < bound),
    compare(condition.lte, "at most", (value, bound) => value <= bound),
  ].filter((part) => part !== undefined);
}

function isList(condition: Condition): condition is readonly Plain[] {
  return Array.isArray(condition);
}

function equal(wanted: Plain): Test {
  const own = String(wanted);
  return { ...test(`is \`${own}\``, (value) => textOf(value) === own), only: [own] };
}

function among(list: readonly Plain[]): Test {
  const wanted = new Set(list.map(String));
  const holds = (value: unknown): boolean => {
    const own = textOf(value);
    return own !== undefined && wanted.has(own);
  };
  return { ...test(`is one of \`${[...wanted].join("`, `")}\``, holds), only: [...wanted] };
}

function like(glob: string): Test {
  const matches = compileGlob(glob);
  return test(`is like \`${glob}\``, (value) => {
    const own = textOf(value);
    return own !== undefined && matches(own.slice(0, 4096));
  });
}

function test(summary: string, holds: Test["holds"]): Test {
  return { summary, isNumeric: false, only: undefined, holds };
}

function compare(bound: number | string | undefined, words: string, holds: (value: number, bound: number) => boolean): Test | undefined {
  if (bound === undefined) return undefined;
  const limit = Number(bound);
  const compared = test(`is ${words} ${limit}`, (value) => {
    const number = numberOf(value);
    return number !== undefined && holds(number, limit);
  });
  return { ...compared, isNumeric: true };
}

/** Text, number or boolean as text; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** A number, or text that is entirely a number: Antom sends `"10000"`. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : undefined;
}

function looksLikeRegExp(pattern: string): boolean {
  return /^\^|\$$|\\[dwsb.]|\.\*|\.\+|\[[^\]]+\][*+{]?|\([^)]*\|/.test(pattern);
}
