/** Redacts secrets in any text, JSON or not, complete or truncated: it reads tokens, compares decoded names, and leaves other characters unchanged. */
import { decodePercent, hideUserInfo } from "./redact-query.ts";
import { type Hiding, hideApiKeys, hideCardNumbers, hidingOf } from "./secret-names.ts";

/** What replaces a hidden value. */
export const HIDDEN = "[redacted]";

/** Maximum depth of nested texts (JSON in a JSON string, escaped again …); deeper ones are redacted completely. */
const DEEPEST = 8;

/** The state while reading; inside a redacted object or list every value is redacted. */
interface Reading {
  readonly text: string;
  readonly depth: number;
  at: number;
  /** For each open object or list: whether its name is secret. */
  readonly open: boolean[];
  /** How the next value is redacted, according to the preceding name. */
  pending: Hiding | undefined;
  /** How a value is redacted if a colon follows and makes this string a name. */
  named: Hiding | undefined;
  shown: string;
}

const STRUCTURE = /["{}[\]:,]/g;
/** Matches only texts without secrets, card numbers (12 digits and more), API keys or nested texts. */
const HARMLESS = /^(?!.*\d(?:\D?\d){11})(?!.*[aA][kK]_)[\p{L}\p{N} .,+_/-]*$/u;

/** Returns `given` with every value of a secret name, and every card number, redacted. Linear in its length. */
export function redactText(given: string, depth = 0): string {
  if (HARMLESS.test(given)) return given;
  if (depth > DEEPEST) return HIDDEN;
  const text = hideUserInfo(given, HIDDEN);
  const reading: Reading = { text, depth, at: 0, open: [], pending: undefined, named: undefined, shown: "" };
  while (reading.at < text.length) step(reading);
  return reading.shown;
}

/** Consumes loose text up to a structural character, or that character's token. */
function step(reading: Reading): void {
  const { text, at } = reading;
  STRUCTURE.lastIndex = at;
  const found = STRUCTURE.exec(text)?.index ?? text.length;
  if (found > at) takeLoose(reading, found);
  const character = text[reading.at];
  if (reading.at !== found || character === undefined) return;
  if (character === '"') takeString(reading);
  else takeMark(reading, character);
}

function takeMark(reading: Reading, character: string): void {
  if (character === "{" || character === "[") {
    reading.open.push(isHidden(reading));
    reading.pending = undefined;
  } else if (character === ":") {
    reading.pending = reading.named;
  } else {
    reading.pending = undefined;
    if (character !== ",") reading.open.pop();
  }
  reading.named = undefined;
  reading.shown += character;
  reading.at += 1;
}

function isHidden({ open, pending }: Reading): boolean {
  return pending !== undefined || open[open.length - 1] === true;
}

/** Consumes a string: a name before `:`, or a value. */
function takeString(reading: Reading): void {
  const { text, at, depth } = reading;
  const end = endOfString(text, at);
  const isClosed = end > at + 1 && text[end - 1] === '"';
  const raw = text.slice(at, end);
  const content = unescapeText(raw.slice(1, isClosed ? -1 : undefined));
  reading.at = end;
  if (/^\s*:/.test(text.slice(end, end + 20))) {
    reading.named = hidingOf(content);
    reading.pending = undefined;
    reading.shown += spell(content, redactText(content, depth + 1), raw);
    return;
  }
  const hiding = reading.pending ?? (isHidden(reading) ? "whole" : undefined);
  const shown = hiding === undefined ? redactText(content, depth + 1) : hide(content, hiding);
  reading.pending = undefined;
  reading.named = hidingOf(content);
  reading.shown += spell(content, shown, raw);
}

/** The text as written when nothing in it was redacted. */
function spell(content: string, shown: string, raw: string): string {
  return shown === content ? raw : JSON.stringify(shown);
}

/** The offset after the string that begins at `at`; the end of the text when it is truncated. */
function endOfString(text: string, at: number): number {
  let quote = text.indexOf('"', at + 1);
  let backslash = text.indexOf("\\", at + 1);
  while (backslash >= 0 && backslash < quote) {
    if (backslash + 1 === quote) quote = text.indexOf('"', quote + 1);
    backslash = text.indexOf("\\", backslash + 2);
  }
  return quote < 0 ? text.length : quote + 1;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** Decodes the content of a JSON string; invalid escapes stay as written. */
function unescapeText(content: string): string {
  if (!content.includes("\\")) return content;
  return content.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gis, (_, code: string | undefined, character: string | undefined) =>
    code === undefined ? (ESCAPES[character ?? ""] ?? character ?? "") : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** Consumes numbers and literals inside JSON, or text that is not JSON. */
function takeLoose(reading: Reading, found: number): void {
  const { text, at, depth } = reading;
  if (text[found] === '"' && text[found - 1] === "\\") {
    takeEscaped(reading, found - 1);
    return;
  }
  const loose = text.slice(at, found);
  reading.at = found;
  if (loose.trim() === "") {
    reading.shown += loose;
    return;
  }
  reading.shown += isHidden(reading) ? hideLoose(reading, loose) : redactLoose(loose, reading.open.length > 0, depth);
  reading.pending = nameBeforeEquals(loose);
  reading.named = hidingOf(loose);
}

/** Inside JSON the whole text is the value; elsewhere the rest of the line or pair. */
function hideLoose({ open, depth, pending }: Reading, loose: string): string {
  const [, before = "", value = "", after = ""] =
    (open.length > 0 ? /^(\s*)(.*?)(\s*)$/s : /^(\s*)([^\r\n;&]*[^\r\n;&\s])(.*)$/s).exec(loose) ?? [];
  if (value === "null" || value === "") return loose;
  const shown = hide(value, pending ?? "whole");
  const isJson = open.length > 0 && /^[-+\w.]+$/.test(value);
  return `${before}${isJson ? JSON.stringify(shown) : shown}${redactLoose(after, false, depth)}`;
}

/** For escaped JSON within a text: reads the following text one level deeper. */
function takeEscaped(reading: Reading, from: number): void {
  const { text, depth } = reading;
  const before = text.slice(reading.at, from);
  const raw = text.slice(from);
  const content = unescapeText(raw);
  const shown = redactText(content, depth + 1);
  reading.shown += redactLoose(before, false, depth) + (shown === content ? raw : JSON.stringify(shown).slice(1, -1));
  reading.at = text.length;
}

const NAME_BEFORE_EQUALS = /([\w.-]{1,80})["'\\]*\s{0,4}=\s{0,4}$/;

function nameBeforeEquals(loose: string): Hiding | undefined {
  const name = NAME_BEFORE_EQUALS.exec(loose.slice(-100))?.[1];
  return name === undefined ? undefined : hidingOf(name);
}

/** Matches `name=value` and `<name>value`; the value ends at the next space or separator. */
const PAIR = /(?<![\w.[\]%+-])([\w.[\]%+-]{1,80})(["']?\s{0,4}[=>]\s{0,4})('[^']*'?|[^\s"'&;,<>}]+)/g;

function redactLoose(loose: string, isJson: boolean, depth: number): string {
  const pairs = loose.replaceAll(PAIR, (pair: string, name: string, between: string, value: string) => {
    const hiding = hidingOf(name);
    return hiding === undefined ? pair : name + between + hide(value, hiding);
  });
  const decoded = decodePercent(pairs);
  if (decoded !== pairs) {
    const inner = redactText(decoded, depth + 1);
    if (inner !== decoded) return inner;
  }
  const shown = hideApiKeys(hideCardNumbers(pairs));
  // A redacted card number that was a JSON number becomes a JSON string.
  return isJson && shown !== pairs && /^\s*\d+\s*$/.test(pairs) ? JSON.stringify(shown.trim()) : shown;
}

/** The visible part of a secret value. An empty value is not secret. */
export function hide(value: string, hiding: Hiding): string {
  if (value === "") return value;
  const digits = hiding === "number" ? value.replaceAll(/\D/g, "") : "";
  return digits.length >= 12 ? `${HIDDEN} …${digits.slice(-4)}` : HIDDEN;
}
