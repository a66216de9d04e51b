/** A kept call as a curl command, redacted like the page. */

import { shellWord } from "../../base/shell-word.ts";
import { headerPairs } from "../../http/headers.ts";
import { redactBody, redactHeaders, redactPath } from "../../observe/redact/redact.ts";
import type { CallRecord } from "../../ports/ports.ts";

/** Set by curl itself, or of one connection only. */
const LEFT_OUT: ReadonlySet<string> = new Set(["host", "content-length", "connection", "transfer-encoding", "expect", "accept-encoding"]);

/** The command for the proxy at `baseUrl`. Where something was redacted, its first line says so: the signature then no longer fits. */
export function curlOf({ request }: CallRecord, baseUrl: string): string {
  const headers = headerPairs(redactHeaders(request.headers)).filter(
    ([name]) => !LEFT_OUT.has(name.toLowerCase()) && !name.startsWith(":"),
  );
  const words = [
    // Brackets and dots in the path are sent as they came.
    `curl -X ${shellWord(request.method)} --globoff --path-as-is ${shellWord(baseUrl + redactPath(request.path))}`,
    // `name:` would take the line away; `name;` sends it with no value.
    ...headers.map(([name, value]) => `-H ${shellWord(value === "" ? `${name};` : `${name}: ${value}`)}`),
    ...(request.body.length === 0 ? [] : [`--data-raw ${shellWord(redactBody(request.body))}`]),
  ];
  const command = words.join(" \\\n  ");
  return command.includes("[redacted]") ? `# secrets are redacted; "resend" sends the call as it came\n${command}\n` : `${command}\n`;
}
