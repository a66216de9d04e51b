/** Redacts card numbers, tokens, keys, signatures and shopper data whenever a call is shown: page, HAR, curl and log. */
import { headerValue } from "../../http/headers.ts";
import type { RawHeaders } from "../../http/message.ts";
import { redactedPairs, redactSegments } from "./redact-query.ts";
import { HIDDEN, redactText } from "./redact-text.ts";
import { hidesHeader, hidingOf } from "./secret-names.ts";

export { HIDDEN, redactText };

/**
 * A body as text that may be shown; `headers` are those of its message. Other text stays as written, also in truncated JSON, forms and multipart
 * bodies. A byte order mark is removed.
 */
export function redactBody(body: Buffer, headers: RawHeaders = []): string {
  const text = textOf(body);
  const type = headerValue(headers, "content-type")?.toLowerCase() ?? "";
  if (type.startsWith("multipart/") || /^\s*--/.test(text)) return redactMultipart(text);
  const isForm = type.includes("x-www-form-urlencoded") || FORM.test(text);
  return isForm ? redactSegments(text, redactText, HIDDEN) : redactText(text);
}

/** A form contains no white space; other text with `=` is handled as text. */
const FORM = /^[\w.%+*[\]-]+=[^\s"{}[\]]*$/;

/** Header lines that may be shown: signatures, credentials and cookies are hidden, names and all other values kept. */
export function redactHeaders(headers: RawHeaders): string[] {
  const shown: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const value = headers[at + 1] ?? "";
    shown.push(name, hidesHeader(name) ? hideHeaderValue(value) : redactSegments(value, redactText, HIDDEN));
  }
  return shown;
}

/** A path and query that may be shown. */
export function redactPath(path: string): string {
  return redactSegments(path, redactText, HIDDEN);
}

/** The pairs of the query of `path`, decoded and then redacted. */
export function redactQuery(path: string): { readonly name: string; readonly value: string }[] {
  const at = path.indexOf("?");
  return at < 0 ? [] : redactedPairs(path.slice(at + 1), redactText, HIDDEN);
}

/** A `host[:port]` that may be shown: user name and password are redacted. */
export function redactAuthority(authority: string): string {
  const at = authority.lastIndexOf("@");
  return at < 0 ? redactText(authority) : `${HIDDEN}@${redactText(authority.slice(at + 1))}`;
}

/** Decodes UTF-8, or UTF-16 with a byte order mark; the mark is removed. */
function textOf(body: Buffer): string {
  const mark = body.toString("latin1", 0, 2);
  const encoding = mark === "\u00ff\u00fe" ? "utf-16le" : mark === "\u00fe\u00ff" ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(body);
}

/** The head of a part and its value; the name decides about redaction, otherwise the text. */
const PART = /(\bname\*?="?)([^"\r\n;]*)("?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n)([\s\S]*?)(?=\r?\n--|$(?![\s\S]))/gi;

function redactMultipart(text: string): string {
  let end = 0;
  let shown = "";
  for (const part of text.matchAll(PART)) {
    const [whole, before = "", name = "", between = "", value = ""] = part;
    shown += redactText(text.slice(end, part.index)) + before + redactText(name) + between;
    shown += hidingOf(name) === undefined || value === "" ? redactText(value) : HIDDEN;
    end = part.index + whole.length;
  }
  return shown + redactText(text.slice(end));
}

/** Redacts `algorithm=RSA256,keyVersion=1,signature=…` but keeps its format visible. */
function hideHeaderValue(value: string): string {
  const at = value.indexOf("signature=");
  return at === -1 ? HIDDEN : `${value.slice(0, at)}signature=${HIDDEN}`;
}
