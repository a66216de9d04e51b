/** The short cut around the YAML library: whatever it reads, the library reads in the same way, at the same places and without a mistake. */
import fc from "fast-check";
import t from "tap";
import { isMap, isSeq, parseDocument } from "yaml";
import { nodeSpan } from "../../../../src/rules/language/text/node-span.ts";
import { type Items, readItems } from "../../../../src/rules/language/text/read-items.ts";
import { readPlain } from "../../../../src/rules/language/text/read-plain.ts";
import { splitItems } from "../../../../src/rules/language/text/split-items.ts";
import { noAnchors, toPlain } from "../../../../src/rules/language/text/to-plain.ts";

const SEED = 20_261_125;
const FILES = 3000;

const KEYS = ["name", "api", "active", "when", "body", "clientId", "paymentAmount.value", "x-test", "a1", "constructor"];
const ODD_KEYS = ["_a", "__proto__", "null", "True", "y", "1", "a b", "'q'", "?", "<<", "a:b", "é", "-a", `k${"x".repeat(1030)}`];
const WORDS = [
  "pay",
  "30m",
  "1h30m",
  "true",
  "false",
  "5",
  "0",
  "100000",
  "/ams/**/pay",
  "a b",
  "What it does (in words).",
  "SANDBOX_5X",
  "*",
  "a-b",
];
const ODD_WORDS =
  "1e3|True|NULL|null|~|05|0x1F|0o17|-1|1.5|.5|1_000|yes|999999999999999|9999999999999999|a:b|a: b|a#b|a #b|x  y|- a|-|&a b|*a|!t a|@x|%a|`a`|a\tb|a\u00a0b|<% a %>|{{a}}|30x|1h|2026-11-23|12:30:45|é|\u2028|\u0000|\u0085|\ufeff".split(
    "|",
  );
const QUOTED = ["''", '""', "'it''s'", "'a: b # c'", '"a\\n"', '"\\u0041"', '"a"', "'a' b", '"a', "'a\" b'", '"null"', "'{a}'"];
const FLOW =
  "[]|{}|[a]|[ a ]|[a, b]|[a,b]|[a ,b]|[a, ]|[a,, b]|[5, true, 1h]|[null]|[a b, c]|[a: b]|{a: 1}|{ a: b }|{a: 1, b: c}|{a: 1,b: 2}|{a: }|{a}|{a: 1, a: 2}|{a: [c]}|{a: b: c}|{a: b, }|{null: a}|{1: a}|{a:1}|{a: x y}|[a]b|{a: 1} b|[a".split(
    "|",
  );

const NESTED = [
  "",
  "\n      inner: 1\n      other: a",
  "\n      inner: # words\n        deep: {x: 1}\n\n      other: 2",
  "\n        far: 1\n      near: 2",
  "\n      inner:\n      other: 2",
  "\n      - a\n      - b",
  " |\n      text\n      more",
  " >-\n        folded",
];

const mostly = <T>(usual: readonly T[], odd: readonly T[], weight = 12): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constantFrom(...usual), weight }, { arbitrary: fc.constantFrom(...odd), weight: 1 });

const line = fc.record({
  shift: mostly([0, 0, 0, 0], [-2, -1, 1, 2, 4]),
  key: mostly(KEYS, ODD_KEYS, 25),
  colon: mostly([": "], [":", ":  ", " : ", ":\t", ""], 30),
  value: fc.oneof(
    { arbitrary: mostly(WORDS, ODD_WORDS), weight: 12 },
    { arbitrary: mostly(['"a"', "'a'"], QUOTED, 2), weight: 2 },
    { arbitrary: mostly(["[a, b]", "{a: 1}"], FLOW, 1), weight: 3 },
    { arbitrary: fc.constantFrom(...NESTED), weight: 3 },
    { arbitrary: fc.stringMatching(/^[ -~]{0,8}$/), weight: 1 },
  ),
  tail: mostly(["", "", "", " # words"], [" ", "  # a: b", "#", " #", "\t", " # {[\"'", " # \u0007", " # é\u2028", "\r"], 12),
  below: mostly(
    ["", ""],
    ["\n", "\n      # words\n", "\n  # words", "\n        deeper: 1", "\n      - a", "\n        more words", "\n   "],
    12,
  ),
});
const rule = fc.record({
  dash: mostly(["- "], ["-   ", "-", "-\t", "- - ", "-\n    "], 30),
  lines: fc.oneof(
    { arbitrary: fc.uniqueArray(line, { minLength: 1, maxLength: 5, selector: ({ key }) => key }), weight: 9 },
    { arbitrary: fc.array(line, { minLength: 1, maxLength: 5 }), weight: 1 },
  ),
});

/** Nested mappings come from lines without a value whose next line is deeper. */
function textOf(rules: readonly { readonly dash: string; readonly lines: readonly LineParts[] }[]): string {
  const items = rules.map(({ dash, lines }) => {
    const spelled = lines.map(({ shift, key, colon, value, tail, below }, at) => {
      const indent = at === 0 ? "" : " ".repeat(4 + shift);
      return `${indent}${key}${value.startsWith("\n") ? colon.trimEnd() : colon}${value}${tail}${below}`;
    });
    return `  ${dash}${spelled.join("\n")}\n`;
  });
  return `rules:\n${items.join("")}`;
}

interface LineParts {
  readonly shift: number;
  readonly key: string;
  readonly colon: string;
  readonly value: string;
  readonly tail: string;
  readonly below: string;
}

t.test("3,000 files, usual and odd ones: same values, same places, and no mistake that the library would have found", async (t) => {
  const seen = { plain: 0, left: 0, whole: 0 };
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), (rules) => {
      const text = textOf(rules);
      const parts = splitItems(text);
      if (parts === undefined) {
        seen.whole += 1;
        return true;
      }
      const read = itemsOf(text);
      return parts.every((part, index) => {
        const plain = readPlain(part.text);
        seen[plain === undefined ? "left" : "plain"] += 1;
        return plain === undefined || isSame(plain, { text, index, part, items: read });
      });
    }),
    { seed: SEED, numRuns: FILES },
  );
  t.ok(seen.plain > FILES / 3, `${seen.plain} rules were read without the library`);
  t.ok(seen.left > FILES / 3, `${seen.left} rules were left to it`);
  t.comment(`${seen.whole} files were read whole`);
});

interface Case {
  readonly text: string;
  readonly index: number;
  readonly part: { readonly text: string; readonly offset: number };
  readonly items: Items;
}

function isSame(plain: unknown, { text, index, part, items }: Case): boolean {
  const alone = parseDocument(part.text, { prettyErrors: false, merge: true, logLevel: "error" });
  if (alone.errors.length + alone.warnings.length > 0) return false;
  const { value, mistakes } = toPlain(alone.contents, "rule", noAnchors());
  if (mistakes.length > 0 || !isEqual(value, [plain]) || !isEqual(alone.toJS(), [plain])) return false;
  // Another rule's mistake: then the file has no values to compare with.
  if (items.mistakes.length > 0) return true;
  const whole = parseDocument(text, { prettyErrors: false, merge: true, logLevel: "error" });
  if (whole.errors.length + whole.warnings.length > 0) return false;
  const item = items.items.find(({ offset }) => offset === part.offset);
  if (item === undefined || !isEqual(item.value, whole.toJS().rules[index])) return false;
  const list = isMap(whole.contents) ? whole.contents.get("rules") : undefined;
  return (
    isSeq(list) &&
    pathsIn(plain).every((path) =>
      ([undefined, "key"] as const).every((at) => isEqual(item.span(path, at), nodeSpan(whole.contents, ["rules", index, ...path], at))),
    )
  );
}

/** Every path into `value`, the empty one first. */
function pathsIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Array.isArray(value) ? value.map((entry, at): [number, unknown] => [at, entry]) : Object.entries(value);
  return [path, ...below.flatMap(([key, entry]) => pathsIn(entry, [...path, key]))];
}

/** Order of keys and prototypes included. */
function isEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function itemsOf(text: string): Items {
  const steps = readItems(text);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

t.test("a key that is too long for YAML is left to the library, which says so", async (t) => {
  const key = `k${"x".repeat(1030)}`;
  for (const text of [`  - ${key}: a\n`, `  - when: {${key}: a}\n`]) t.equal(readPlain(text), undefined);
  t.not(itemsOf(`rules:\n  - ${key}: a\n`).mistakes.length, 0);
  t.not(readPlain(`  - k${"x".repeat(150)}: a\n`), undefined);
});
