/** Converts headers to the form that HTTP/2 allows (RFC 9113 §8.2). */
import type { OutgoingHttpHeaders } from "node:http2";
import { endToEnd } from "./hop-by-hop.ts";
import type { RawHeaders } from "./message.ts";

/**
 * Removes connection-specific headers, which HTTP/2 forbids (RFC 9113 §8.2.2). Repeated headers are joined by commas (RFC 9110 §5.3),
 * except `set-cookie`, which must not be joined.
 */
export function http2Headers(rawHeaders: RawHeaders): OutgoingHttpHeaders {
  const headers = endToEnd(rawHeaders);
  const grouped = new Map<string, string>();
  const cookies: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? "").toLowerCase();
    const value = headers[at + 1] ?? "";
    if (name === "set-cookie") cookies.push(value);
    else grouped.set(name, grouped.has(name) ? `${grouped.get(name)}, ${value}` : value);
  }
  return { ...Object.fromEntries(grouped), ...(cookies.length > 0 && { "set-cookie": cookies }) };
}
