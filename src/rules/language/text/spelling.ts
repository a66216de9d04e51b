/** Detects mistakes that only the source text shows: values that YAML reads differently from how they are written, templates, typographic quotes and spaces. */
import { isMap, Scalar, type YAMLMap } from "yaml";
import type { PlacedMistake, Span } from "./placed-mistake.ts";

/**
 * The kind of value at a place of a rules file. `condition`, and everything within `text`, are compared or sent as text, so YAML must not change
 * their spelling; the same holds for the keys of `fields` and `text`. `words` is text for people.
 */
export type Place = "file" | "rule" | "when" | "fields" | "condition" | "result" | "http" | "text" | "words" | "free";

const BELOW: Readonly<Partial<Record<Place, Readonly<Record<string, Place>>>>> = {
  file: { rules: "rule" },
  rule: { when: "when", result: "result", http: "http", steps: "rule", description: "words" },
  when: { body: "fields", header: "fields", clientId: "condition", any: "when", not: "when" },
  condition: { equal: "condition", in: "condition" },
  result: { fields: "text" },
  http: { headers: "text", body: "text" },
};

/** The kind of the value under `key`; a list has the kind of its entries. */
export function placeBelow(place: Place, key: string): Place {
  if (place === "text" || place === "words") return place;
  if (place === "fields") return "condition";
  const known = BELOW[place];
  return known !== undefined && Object.hasOwn(known, key) ? (known[key] ?? "free") : "free";
}

interface SpellingCheck {
  checkValue(node: Scalar, place: Place): void;
  checkKey(node: Scalar, place: Place): void;
  /** Checks a scalar behind an alias, reported at the alias's place. */
  checkAliased(node: Scalar, at: { readonly place: Place; readonly span: Span }): void;
  /** Whether `node` is the result of YAML parsing `{{ … }}`; the mistake is then recorded. */
  isTemplate(node: YAMLMap): boolean;
}

/** Adds mistakes to `mistakes`. */
export function createSpellingCheck(mistakes: PlacedMistake[]): SpellingCheck {
  const check = (node: Scalar, place: Place, isExact: boolean): void => {
    if (node.type !== Scalar.PLAIN || place === "words") return;
    const source = node.source ?? "";
    const span = { offset: node.range?.[0] ?? 0, length: Math.max(1, source.length) };
    const mistake = signMistake(source, span) ?? (isExact ? readOtherwise(node, source, span) : undefined);
    if (mistake !== undefined) mistakes.push(mistake);
  };
  return {
    checkValue: (node, place) => check(node, place, place === "condition" || place === "text"),
    checkKey: (node, place) => check(node, place, place === "fields" || place === "text"),
    checkAliased(node, { place, span }) {
      const mistake = place === "condition" || place === "text" ? readOtherwise(node, node.source ?? "", span) : undefined;
      if (mistake !== undefined) mistakes.push(mistake);
    },
    isTemplate(node) {
      if (!node.flow || !isMap(node.items[0]?.key)) return false;
      mistakes.push({ span: { offset: node.range?.[0] ?? 0, length: 2 }, ...TEMPLATE });
      return true;
    },
  };
}

const TEMPLATE = {
  message: "this looks like a template that was not filled in",
  remedy: "rules hold no templates: write the value out, or put it in quotes if it is meant as text",
} as const;

const SIGNS: readonly { readonly sign: RegExp; readonly message: string; readonly remedy: string }[] = [
  { sign: /^\$\{[^}]*\}$|^\$\([^)]*\)$|^<%.*%>$|\{\{|\{%/, ...TEMPLATE },
  {
    sign: /^[\u2018-\u201f\u00ab]|[\u201c-\u201f]$/,
    message: "typographic quotes are part of the text in YAML",
    remedy: "write straight ones: `\"` or `'`",
  },
  {
    sign: /[\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]/,
    message: "this text contains a special space character",
    remedy: "replace it by an ordinary space, or put the text in quotes if it is intended",
  },
];

function signMistake(source: string, span: Span): PlacedMistake | undefined {
  if (/^[\x21-\x7e ]*$/.test(source) && !/[${<%]/.test(source)) return undefined;
  const found = SIGNS.find(({ sign }) => sign.test(source));
  return found && { span, message: found.message, remedy: found.remedy };
}

/** The character in the lines around `offset` that explains a syntax error; undefined when there is none. */
export function signNear(text: string, offset: number): PlacedMistake | undefined {
  const from = text.lastIndexOf("\n", text.lastIndexOf("\n", Math.max(0, offset - 1)) - 1) + 1;
  const end = text.indexOf("\n", offset);
  const lines = text.slice(from, end < 0 ? text.length : end).replaceAll(/(?<=^|\s)#.*$/gm, (comment) => " ".repeat(comment.length));
  for (const { sign, message, remedy } of NEAR) {
    const found = sign.exec(lines);
    if (found !== null) return { span: { offset: from + found.index, length: found[0].length }, message, remedy };
  }
  return undefined;
}

const NEAR: typeof SIGNS = [
  { sign: /\$\{[^}\n]*\}|\{\{|\{%|<%/, ...TEMPLATE },
  {
    sign: /[\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]/,
    message: "YAML requires an ordinary space here, not another space character",
    remedy: "replace it by an ordinary space",
  },
  { sign: /(?<=^ *)\t+(?=[ \t]*\S)/m, message: "a tab is used for indentation", remedy: "YAML allows only spaces there" },
];

function printsAs(node: Scalar, source: string): boolean {
  const { value } = node;
  return typeof value === "string" || value === null || (String(value) === source && !Object.is(value, -0));
}

function readOtherwise(node: Scalar, source: string, span: Span): PlacedMistake | undefined {
  if (node.type !== Scalar.PLAIN || printsAs(node, source)) return undefined;
  return { span, message: `\`${source}\` is read as ${described(node.value)}`, remedy: `put it in quotes: \`"${source}"\`` };
}

function described(value: unknown): string {
  return typeof value === "boolean" ? `the truth value \`${value}\`` : `the number \`${String(value)}\``;
}
