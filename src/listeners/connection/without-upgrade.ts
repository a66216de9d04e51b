/** Rewrites a request's head without its Upgrade header: curl and Java's HttpClient offer `h2c` on plain connections, and are served without it. */
import type { IncomingMessage } from "node:http";
import { headerValues, keepHeaders } from "../../http/headers.ts";

const UPGRADING: ReadonlySet<string> = new Set(["upgrade", "http2-settings"]);

/** The bytes of the head, with all other lines unchanged. */
export function withoutUpgrade({
  method,
  url,
  httpVersion,
  rawHeaders,
}: Pick<IncomingMessage, "method" | "url" | "httpVersion" | "rawHeaders">): Buffer {
  const headers = keepHeaders(rawHeaders, (name) => name !== "connection" && !UPGRADING.has(name));
  const nominated = headerValues(rawHeaders, "connection").flatMap((value) => value.split(",").map((token) => token.trim()));
  const kept = nominated.filter((token) => token !== "" && !UPGRADING.has(token.toLowerCase()));
  if (kept.length > 0) headers.push("Connection", kept.join(", "));
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
