/** Parses a value with its zod schema and words the errors in the program's style. */
import { z } from "zod";
import { nearest, oneOf, suggestion } from "./nearest.ts";

/** A mistake inside one value of a rule; `path` leads from that value to the faulty part. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  /** `key`: the last part of `path` is itself wrong (an unknown key), not its value. */
  readonly at?: "key";
  readonly message: string;
  readonly remedy?: string;
}

export type Compiled<T> = { readonly kind: "ok"; readonly value: T } | { readonly kind: "bad"; readonly mistakes: readonly Mistake[] };

/**
 * `value` parsed by `schema`, or all mistakes in it. `name` is the value's key for the messages.
 * A schema's own `error` text takes precedence; the text after its first `"; "` becomes the remedy.
 */
export function readShape<T>(schema: z.ZodType<T>, value: unknown, name: string): Compiled<T> {
  const read = schema.safeParse(value, { error: () => "" });
  if (read.success) return { kind: "ok", value: read.data };
  return { kind: "bad", mistakes: read.error.issues.flatMap((issue) => mistakesOf(issue, { name, value })) };
}

/** An object with exactly these keys; an unknown key gets the nearest one as a suggestion. */
export function keyed<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    // One line per key, in the order of the issue's keys.
    error: (issue) => (issue.code === "unrecognized_keys" ? issue.keys.map((key) => unknownKey(key, keys)).join("\n") : undefined),
  });
}

/** ``unknown key `x`; did you mean `y` ``. */
export function unknownKey(key: string, known: readonly string[]): string {
  return `unknown key \`${key}\`; ${suggestion(key, known) ?? "remove it"}`;
}

/** Splits a text at the first `"; "` into message and remedy. */
export function partedAtRemedy(text: string): { message: string; remedy?: string } {
  const at = text.indexOf("; ");
  return at < 0 ? { message: text } : { message: text.slice(0, at), remedy: text.slice(at + 2) };
}

/** A short description of a value for a message: ``the number `5` ``, `a list`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string") return `the text \`${value.length > 40 ? `${value.slice(0, 40)}…` : value}\``;
  return `the ${typeof value} \`${String(value)}\``;
}

interface Root {
  readonly name: string;
  readonly value: unknown;
}

function mistakesOf(issue: z.core.$ZodIssue, root: Root): Mistake[] {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  if (issue.code === "unrecognized_keys") return strangers(path, issue);
  if (issue.code === "invalid_key")
    return [{ path, at: "key", ...partedAtRemedy(issue.issues[0]?.message ?? "this key is not allowed here") }];
  if (issue.message !== "") return [{ path, ...partedAtRemedy(issue.message) }];
  if (issue.code === "invalid_union") return unionMistakes(issue, path, root);
  return [{ path, ...expectation([issue], path, root) }];
}

function strangers(path: Mistake["path"], { keys, message }: z.core.$ZodIssueUnrecognizedKeys): Mistake[] {
  const told = message.split("\n");
  return keys.map((key, index) => ({ path: [...path, key], at: "key", ...partedAtRemedy(told[index] || unknownKey(key, [])) }));
}

/** The mistakes of the intended alternative if it can be determined, otherwise one that lists all alternatives. */
function unionMistakes(issue: z.core.$ZodIssueInvalidUnion, path: Mistake["path"], root: Root): Mistake[] {
  const meant = issue.errors.filter((branch) => branch.every(isTelling)).sort((left, right) => strangeness(left) - strangeness(right))[0];
  if (meant === undefined) return [{ path, ...expectation(issue.errors.flat(), path, root) }];
  return meant.flatMap((inner) => mistakesOf({ ...inner, path: [...path, ...inner.path] }, root));
}

/** True for an error inside a value of the right type, or with its own text. */
function isTelling(issue: z.core.$ZodIssue): boolean {
  return isInside(issue) || issue.message !== "";
}

function isInside(issue: z.core.$ZodIssue): boolean {
  return issue.path.length > 0 || issue.code === "unrecognized_keys";
}

/** The distance of the value from an alternative: first by type, then by number of mistakes. */
function strangeness(branch: readonly z.core.$ZodIssue[]): number {
  return branch.length + (branch.every(isInside) ? 0 : 1000);
}

function expectation(issues: readonly z.core.$ZodIssue[], path: Mistake["path"], root: Root): { message: string; remedy?: string } {
  const value = valueAt(root.value, path);
  const name = `\`${[root.name, ...path].join(".")}\``;
  if (issues.length === 1 && issues[0]?.code === "too_small" && (value === "" || Array.isArray(value)))
    return { message: `${name} is empty`, remedy: "fill it, or remove it" };
  const wanted = [...new Set(issues.filter((issue) => issue.path.length === 0 || issues.length === 1).map(wantedBy))].join(", or ");
  if (value === null) return { message: `${name} is empty`, remedy: `give it ${wanted}, or remove it` };
  if (value === undefined) return { message: `${name} is missing`, remedy: `give it ${wanted}` };
  const options = issues.flatMap((issue) => (issue.code === "invalid_value" ? issue.values.map(String) : []));
  const remedy = spellingRemedy(value, options) ?? meantRemedy(value, wanted, issues) ?? quotesRemedy(value, wanted);
  const message = `${name} takes ${wanted}, not ${describeValue(value)}`;
  return remedy === undefined ? { message } : { message, remedy };
}

function spellingRemedy(value: unknown, options: readonly string[]): string | undefined {
  const near = typeof value === "string" ? nearest(value, options) : undefined;
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

/** The value that text such as `on`, `25%`, `1_000` or `"5"` probably means. */
function meantRemedy(value: unknown, wanted: string, issues: readonly z.core.$ZodIssue[]): string | undefined {
  if (wanted === "`true` or `false`") return meantTruth(value);
  if (!/number/.test(wanted) || wanted.includes("text")) return undefined;
  const isShare = issues.some((issue) => issue.code === "too_big" && issue.maximum === 1);
  if (typeof value === "number") return isShare && value <= 100 ? `write \`${value / 100}\` for ${value} %` : undefined;
  return typeof value === "string" ? meantNumber(value.trim()) : undefined;
}

/** Truth values of YAML 1.1, and numbers of other languages. */
function meantTruth(value: unknown): string | undefined {
  const word = String(value).toLowerCase();
  if (word === "true" || word === "false") return `write it without quotes: \`${word}\``;
  if (["on", "yes", "y", "1"].includes(word)) return "write `true`";
  return ["off", "no", "n", "0"].includes(word) ? "write `false`" : undefined;
}

function meantNumber(text: string): string | undefined {
  const [, percent] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? [];
  if (percent !== undefined) return `write \`${Number(percent) / 100}\``;
  const [, above, below] = /^(\d+) ?\/ ?([1-9]\d*)$/.exec(text) ?? [];
  if (above !== undefined) return `write \`${Number((Number(above) / Number(below)).toPrecision(6))}\``;
  if (/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return `write it without quotes: \`${Number(text)}\``;
  if (/^0,\d+$/.test(text)) return `write \`${text.replace(",", ".")}\``;
  return /^\d{1,3}(?:[_,' ]\d{3})+$/.test(text) ? `write \`${text.replaceAll(/\D/g, "")}\`` : undefined;
}

/** YAML distinguishes `5` from `"5"` and `true` from `"true"`. */
function quotesRemedy(value: unknown, wanted: string): string | undefined {
  const takesText = wanted.includes("text");
  if (typeof value === "string") return undefined;
  return takesText && typeof value !== "object" ? "put it in quotes if it is meant as text" : undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function wantedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return WORDS[issue.expected] ?? issue.expected;
    case "invalid_value":
      return oneOf(issue.values.map(String));
    case "too_small":
      return issue.origin === "string" || issue.origin === "array"
        ? "something that is not empty"
        : `a number of at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "string" || issue.origin === "array" ? `at most ${issue.maximum}` : `a number of at most ${issue.maximum}`;
    default:
      return "another value";
  }
}

function valueAt(root: unknown, path: Mistake["path"]): unknown {
  let value = root;
  for (const part of path) value = typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined;
  return value;
}
