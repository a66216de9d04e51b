/** Header lines as HTTP/2 allows them (RFC 9113 §8.2). */
import type { OutgoingHttpHeaders } from "node:http2";
import { endToEnd } from "./hop-by-hop.ts";
import type { RawHeaders } from "./message.ts";

/**
 * The lines without those of one connection, which HTTP/2 forbids (RFC 9113 §8.2.2). Repeated ones are joined by commas (RFC 9110 §5.3),
 * `set-cookie` excepted, which must not be.
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
