/** Hides secrets in percent-encoded text: paths, queries and forms, whose names and values are compared decoded. */
import { hidingOf } from "./secret-names.ts";

/** Redacts a decoded text. */
type Redact = (text: string) => string;

/** A name may be encoded repeatedly; it is decoded at most this many times. */
const MOST_DECODINGS = 4;
const ENCODED = /%[0-9a-f]{2}/i;

/** Redacts a path, query or form: each `name=value` and each segment separately; other text is unchanged. */
export function redactSegments(text: string, redact: Redact, hidden: string): string {
  return hideUserInfo(text, hidden).replaceAll(/[^/?&;#]+/g, (segment) => redactSegment(segment, redact, hidden));
}

function redactSegment(segment: string, redact: Redact, hidden: string): string {
  const equals = segment.indexOf("=");
  if (equals > 0 && segment.length > equals + 1 && hidingOf(decodedName(segment.slice(0, equals))) !== undefined) {
    return `${segment.slice(0, equals)}=${hidden}`;
  }
  const decoded = decodePercent(segment);
  const shown = redact(decoded);
  return shown === decoded ? segment : shown;
}

/** The pairs of a query or form, decoded; secret values are replaced by `hidden`. */
export function redactedPairs(query: string, redact: Redact, hidden: string): { readonly name: string; readonly value: string }[] {
  return [...new URLSearchParams(query)].map(([name, value]) => ({
    name: redact(name),
    value: hidingOf(name) === undefined || value === "" ? redact(value) : hidden,
  }));
}

/** User name and password before the host of a URL. */
const USER_INFO = /(:\/\/)[^/\s@"]{1,200}@/g;

/** `text` with the user names and passwords of URLs replaced by `hidden`. */
export function hideUserInfo(text: string, hidden: string): string {
  return text.includes("@") ? text.replaceAll(USER_INFO, `$1${hidden}@`) : text;
}

/** Removes one level of percent-encoding; invalid UTF-8 becomes replacement characters. Returns `text` itself when nothing is encoded. */
export function decodePercent(text: string): string {
  if (!ENCODED.test(text)) return text;
  return text.replaceAll("+", " ").replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));
}

/** The name after all levels of decoding. */
function decodedName(name: string): string {
  let decoded = name;
  for (let round = 0; round < MOST_DECODINGS && ENCODED.test(decoded); round += 1) decoded = decodePercent(decoded);
  return decoded;
}
