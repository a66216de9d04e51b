/** Headers that belong to one connection only and never cross the proxy (RFC 9110 §7.6.1). */
import { headerValues, keepHeaders } from "./headers.ts";
import type { RawHeaders } from "./message.ts";

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** `headers` without the hop-by-hop lines, those that a `Connection` line nominates included. */
export function endToEnd(headers: RawHeaders): string[] {
  const nominated = new Set<string>();
  for (const value of headerValues(headers, "connection")) {
    for (const token of value.split(",")) nominated.add(token.trim().toLowerCase());
  }
  return keepHeaders(headers, (name) => !HOP_BY_HOP.has(name) && !nominated.has(name));
}
