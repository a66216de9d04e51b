/** Hides card numbers, tokens, keys, signatures and shopper data whenever a call is shown: page, HAR, curl and log alike. */
import type { RawHeaders } from "../http/message.ts";
import { hideCardNumbers, hidesHeader, hidingOf, SECRET_NAMES } from "./secret-names.ts";

/** What stands in the place of a hidden value. */
export const HIDDEN = "[redacted]";

/** A copy of a JSON value with its structure kept; secret fields and card numbers inside any text are hidden. */
export function redactJson(value: unknown): unknown {
  return redactValue(value, 0);
}

/** A body as text that may be shown. JSON keeps its structure, but is spelled anew; any other text is searched for `name: value` pairs. */
export function redactBody(body: Buffer): string {
  const text = body.toString("utf8");
  const value = parseJson(text);
  return value === undefined ? redactText(text) : JSON.stringify(redactValue(value, 0));
}

/** Text that is no JSON (a form, a broken body, a message): values after secret names, and card numbers, are hidden. */
export function redactText(text: string): string {
  const pairs = text.replaceAll(PAIR, (_: string, name: string, value: string) => name + (value.startsWith('"') ? `"${HIDDEN}"` : HIDDEN));
  return hideCardNumbers(pairs);
}

/** Header lines that may be shown: signatures, credentials and cookies are hidden, names and all other values kept. */
export function redactHeaders(headers: RawHeaders): string[] {
  const shown: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const value = headers[at + 1] ?? "";
    shown.push(name, hidesHeader(name) ? hideHeaderValue(value) : redactText(value));
  }
  return shown;
}

/** A path and query that may be shown. */
export function redactPath(path: string): string {
  return path.includes("?") ? redactText(path) : hideCardNumbers(path);
}

/** A secret name and its value: `"name": "value"`, `name=value`, `name: value`, one level of object or list; any of them may be cut off. */
const PAIR = new RegExp(
  String.raw`((?<![\w-])(?:${SECRET_NAMES})["']?\s{0,4}[:=]\s{0,4})("(?:[^"\\]|\\.)*"?|[{[][^}\]]*[}\]]?|[^\s"&;,}]+)`,
  "gi",
);

/** Deeper than any real body; what lies below is hidden whole. */
const DEEPEST = 64;

function redactValue(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return HIDDEN;
  if (typeof value === "string") return redactString(value, depth);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactField(name, inner, depth)]));
  }
  return typeof value === "number" ? redactNumber(value) : value;
}

function redactField(name: string, value: unknown, depth: number): unknown {
  const hiding = hidingOf(name);
  if (hiding === undefined || value === null || value === "") return redactValue(value, depth + 1);
  if (hiding === "number" && typeof value === "string") return keepLastFour(value);
  return hideLeaves(value, depth + 1);
}

/** Hides all that is inside a secret field, keeping the shape, so that one still sees which fields were sent. */
function hideLeaves(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => hideLeaves(item, depth + 1));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hideLeaves(inner, depth + 1)]));
  }
  return value === null ? null : HIDDEN;
}

/** Text that itself is JSON (Antom's `extendInfo`, `metadata`) is redacted as JSON. */
function redactString(text: string, depth: number): string {
  if (/^\s*[{[]/.test(text)) {
    const inner = parseJson(text);
    if (inner !== undefined) return JSON.stringify(redactValue(inner, depth + 1));
  }
  return redactText(text);
}

function redactNumber(value: number): unknown {
  const text = String(value);
  const shown = hideCardNumbers(text);
  return shown === text ? value : shown;
}

function keepLastFour(text: string): string {
  const digits = text.replaceAll(/\D/g, "");
  return digits.length >= 12 ? `${HIDDEN} …${digits.slice(-4)}` : HIDDEN;
}

/** `algorithm=RSA256,keyVersion=1,signature=…` keeps what tells a wrong shape from a right one. */
function hideHeaderValue(value: string): string {
  const at = value.indexOf("signature=");
  return at === -1 ? HIDDEN : `${value.slice(0, at)}signature=${HIDDEN}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
