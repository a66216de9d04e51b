/** Rewords the YAML library's errors in this program's style. */
import type { ErrorCode, YAMLError } from "yaml";
import type { PlacedMistake } from "./placed-mistake.ts";
import { signNear } from "./spelling.ts";

const WORDS: Partial<Record<ErrorCode, { readonly message: string; readonly remedy: string }>> = {
  TAB_AS_INDENT: { message: "a tab is used for indentation", remedy: "YAML allows only spaces there" },
  MULTIPLE_DOCS: {
    message: "the file holds more than one document",
    remedy: "put the rules under one `rules:`, or into separate files",
  },
  BLOCK_AS_IMPLICIT_KEY: { message: "this line contains a second `:`", remedy: "begin a new line, or put the text in quotes" },
  MULTILINE_IMPLICIT_KEY: {
    message: "this line is neither a key nor the end of the text above it",
    remedy: "check the indentation and the `:` after the key",
  },
  BAD_INDENT: { message: "the indentation is wrong", remedy: "align this line with the keys it belongs to" },
  MISSING_CHAR: { message: "a bracket, a `:` or a space is missing", remedy: "complete the line" },
  TAG_RESOLVE_FAILED: { message: "tags (`!…`) are not supported", remedy: "remove the tag, or put the text in quotes" },
  BAD_SCALAR_START: { message: "plain text cannot begin with this character", remedy: "put the text in quotes" },
  RESOURCE_EXHAUSTION: { message: "brackets or braces are nested too deeply to be read", remedy: "close each before the next opens" },
  BAD_ALIAS: { message: "this alias is malformed", remedy: "put the text in quotes if it is meant as text" },
};

/** `part` is the parsed text with its offset in the file. */
export function syntaxMistake(error: YAMLError, part: { readonly offset: number; readonly text: string }): PlacedMistake {
  const [from, to] = error.pos;
  const sign = signNear(part.text, from);
  if (sign !== undefined) return { ...sign, span: { ...sign.span, offset: part.offset + sign.span.offset } };
  const quote = /^Missing closing (["'])quote/.exec(error.message)?.[1];
  if (quote !== undefined) return openQuote(quote, from, part);
  const span = { offset: part.offset + from, length: Math.max(1, to - from) };
  const words = WORDS[error.code];
  return words === undefined ? { span, message: plain(error.message) } : { span, ...words };
}

/** The library points to the end of the text, which it reads as part of the unterminated string. */
function openQuote(quote: string, end: number, part: { readonly offset: number; readonly text: string }): PlacedMistake {
  const opens = Math.max(0, part.text.lastIndexOf(quote, end - 1));
  return {
    span: { offset: part.offset + opens, length: 1 },
    message: "the quote that opens here is never closed",
    remedy: `add \`${quote}\` where the text ends`,
  };
}

function plain(message: string): string {
  return message.replace(/\.$/, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
