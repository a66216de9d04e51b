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

const NONE: ReadonlySet<string> = new Set();

/** `headers` without the hop-by-hop lines, those that a `Connection` line nominates included, and without those in `further` (lower case). */
export function endToEnd(headers: RawHeaders, further: ReadonlySet<string> = NONE): string[] {
  const connection = headerValues(headers, "connection");
  const nominated = connection.length === 0 ? NONE : namesIn(connection);
  return keepHeaders(headers, (name) => !HOP_BY_HOP.has(name) && !nominated.has(name) && !further.has(name));
}

/** Whether a `Connection` line nominates the header `name` (lower case), so that it ends at this proxy. */
export function isNominated(headers: RawHeaders, name: string): boolean {
  const connection = headerValues(headers, "connection");
  return connection.length > 0 && namesIn(connection).has(name);
}

function namesIn(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.flatMap((value) => value.split(",")).map((token) => token.trim().toLowerCase()));
}
