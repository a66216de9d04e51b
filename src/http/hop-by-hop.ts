/** Headers that belong to one connection and are not forwarded (RFC 9110 §7.6.1). */
import { dropHeaders, headerValues, type NameSet, nameSet } from "./headers.ts";
import type { RawHeaders } from "./message.ts";

const HOP_BY_HOP: readonly string[] = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Framing and connection headers; the writer of the message sets them. */
export const FRAMING: NameSet = nameSet([...HOP_BY_HOP, "content-length", "http2-settings"]);

const ENDING_HERE = endingHere();

/** The hop-by-hop names and these (lower case). */
export function endingHere(...further: readonly string[]): NameSet {
  return nameSet([...HOP_BY_HOP, ...further]);
}

/** `headers` without the names in `ending` and the names in `Connection`; `ending` includes every hop-by-hop name. */
export function endToEnd(headers: RawHeaders, ending: NameSet = ENDING_HERE): string[] {
  const kept = dropHeaders(headers, ending);
  const nominated = nominatedBy(headers).filter((name) => !ending.has(name));
  return nominated.length === 0 ? kept : dropHeaders(kept, nameSet(nominated));
}

function nominatedBy(headers: RawHeaders): readonly string[] {
  const values = headerValues(headers, "connection");
  if (values.length === 0) return values;
  return values.flatMap((value) => value.split(",")).map((token) => token.trim().toLowerCase());
}
