/** The header lines that tell a person, and never an SDK, that an answer is the proxy's doing. */
import { dropHeaders } from "../http/headers.ts";
import { endingHere } from "../http/hop-by-hop.ts";
import type { HttpResponse } from "../http/message.ts";
import type { Outcome } from "../ports/ports.ts";

const OUTCOME = "x-fault-outcome";
const RULE = "x-fault-rule";
/** With them the lines of one connection: a fault could set such a line too, and two framings would be on the wire. */
const REPLACED = endingHere(OUTCOME, RULE);

/** What most rules are called: nothing in it needs an encoding. */
const PLAIN = /^[\x21-\x24\x26-\x7e]+$/;
/** Half a character, which has no encoding. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Sets `x-fault-outcome` and, where a rule acted, `x-fault-rule`, in place of those of a proxy further up, and drops the lines of one connection; no line may hold one of `reservedWords`. */
export function mark(response: HttpResponse, outcome: Outcome, rule: string | undefined, reservedWords: readonly string[]): HttpResponse {
  const lines = rule === undefined ? [] : [RULE, markerValue(rule, reservedWords)];
  const headers = dropHeaders(response.headers, REPLACED);
  headers.push(OUTCOME, outcome, ...lines);
  return { status: response.status, headers, body: response.body };
}

/** `text` as a header value: percent-encoded where HTTP or a reserved word demands it, so `decodeURIComponent` gives the text back. */
export function markerValue(text: string, reservedWords: readonly string[]): string {
  const encoded = PLAIN.test(text) ? text : text.replaceAll(/[^\x20-\x24\x26-\x7e]/gu, encodeCharacter).replaceAll(/^ | $/g, "%20");
  return reservedWords.reduce(withoutWord, encoded);
}

/** Looks before it compiles an expression: this runs for every injected answer, and names with such words are rare. */
function withoutWord(value: string, word: string): string {
  return value.toLowerCase().includes(word.toLowerCase()) ? value.replaceAll(new RegExp(word, "gi"), breakWord) : value;
}

function breakWord(word: string): string {
  return `%${word.charCodeAt(0).toString(16)}${word.slice(1)}`;
}

function encodeCharacter(character: string): string {
  return LONE_SURROGATE.test(character) ? encodeURIComponent("\ufffd") : encodeURIComponent(character);
}
