/**
 * Reads single strings out of a JSON body without parsing the rest: every call needs an answer's result code.
 * Speed, 2026-11-23: parsing a body of 1 KB took a tenth of a forwarded call. test/http/member-text.test.ts notices its removal.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/**
 * The string at `body[path[0]][path[1]]…` of a JSON object in UTF-8; undefined when it is missing, not a string, or the JSON before it is
 * invalid. Bytes after it are not checked, and the first of two members of the same name counts.
 */
export function memberText(body: Buffer, path: readonly string[]): string | undefined {
  let at = skipSpace(body, 0);
  for (const name of path) {
    if (body[at] !== OPEN_BRACE) return undefined;
    at = findMember(body, at + 1, name);
    if (at < 0) return undefined;
  }
  return textAt(body, at);
}

/** The string value of the member whose name ends before `from`; undefined when no colon and string follow. */
export function textAfterName(body: Buffer, from: number): string | undefined {
  return textAt(body, valueAfter(body, from));
}

/** The offset of the value of member `name` in an object whose first member is at `at`; -1 when missing. */
function findMember(body: Buffer, at: number, name: string): number {
  let key = skipSpace(body, at);
  while (body[key] === QUOTE) {
    const keyEnd = endOfText(body, key);
    const value = valueAfter(body, keyEnd);
    if (value < 0) return -1;
    if (keyEnd - key === name.length + 2 && body.toString("latin1", key + 1, keyEnd - 1) === name) return value;
    const comma = skipSpace(body, endOfValue(body, value));
    if (body[comma] !== COMMA) return -1;
    key = skipSpace(body, comma + 1);
  }
  return -1;
}

/** The offset of the value whose name ends before `from`; -1 when no colon follows. */
function valueAfter(body: Buffer, from: number): number {
  const colon = skipSpace(body, from);
  return body[colon] === COLON ? skipSpace(body, colon + 1) : -1;
}

function skipSpace(body: Buffer, from: number): number {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x0a || body[at] === 0x0d || body[at] === 0x09) at += 1;
  return at;
}

/** The offset after the string that begins at `from`, or the body's length when it is unterminated. */
function endOfText(body: Buffer, from: number): number {
  let end = body.indexOf(QUOTE, from + 1);
  while (end >= 0 && isEscaped(body, end)) end = body.indexOf(QUOTE, end + 1);
  return end < 0 ? body.length : end + 1;
}

/** Whether an odd number of backslashes precedes `at`. */
function isEscaped(body: Buffer, at: number): boolean {
  let before = at - 1;
  while (body[before] === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

function endOfValue(body: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  while (at < body.length) {
    const byte = body[at];
    depth += depthStep(byte);
    if (depth < 0 || (depth === 0 && byte === COMMA)) return at;
    at = byte === QUOTE ? endOfText(body, at) : at + 1;
  }
  return at;
}

function depthStep(byte: number | undefined): number {
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return 1;
  return byte === CLOSE_BRACE || byte === CLOSE_BRACKET ? -1 : 0;
}

/** Strings without escapes need no JSON parsing; most are of this kind. */
const AS_IT_STANDS = /^[\w.:-]+$/;

/** The string that begins at `at`; undefined when there is none. */
function textAt(body: Buffer, at: number): string | undefined {
  if (body[at] !== QUOTE) return undefined;
  const end = endOfText(body, at);
  const inside = body[end - 1] === QUOTE ? body.toString("latin1", at + 1, end - 1) : "";
  if (AS_IT_STANDS.test(inside)) return inside;
  try {
    const text: unknown = JSON.parse(body.toString("utf8", at, end));
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}
