/** The texts of `doctor`: one diagnosed call, and hints when no call arrives. */
import type { Diagnosis } from "./diagnose.ts";
import { wrapText } from "./layout.ts";

const NAME_WIDTH = 11;
const WIDTH = 110;

/** The diagnosis as lines for a terminal, with a final line feed. */
export function diagnosisText({ facts, complaints }: Diagnosis): string {
  const told = facts.map(([name, value]) => `  ${name.padEnd(NAME_WIDTH)} ${value}`);
  const judged =
    complaints.length === 0
      ? ["No problems found."]
      : complaints.flatMap(({ what, remedy }) => [...block("! ", what), ...block("  → ", remedy)]);
  return `${["Received a call.", ...told, ...judged].join("\n")}\n`;
}

/** Hints when nothing arrived for `waitedS` seconds; `urls` are the proxy's addresses. */
export function silenceText(waitedS: number, urls: readonly string[]): string {
  const hints = [
    `the base URL in your program must be one of ${urls.join(", ")}, port included, and the program started after it was set`,
    "`HTTPS_PROXY` is read by the SDKs for PHP and .NET, and by Go's API-key client; Java reads -Dhttps.proxyHost; the others read neither, so set their base URL to this proxy",
    "the Python SDK dials port 443 whatever its URL says: start the proxy with `--listen 127.0.0.1:443` and name it in the hosts file",
    "`NO_PROXY` may list the gateway's host",
    "inside a container 127.0.0.1 is the container itself: start the proxy with `--listen 0.0.0.0:8080` and use the host's name",
  ];
  return `${[`Nothing arrived for ${waitedS} s. Look at these:`, ...hints.flatMap((hint) => block("- ", hint))].join("\n")}\n`;
}

/** A paragraph indented under its bullet. */
function block(bullet: string, text: string): string[] {
  const indent = " ".repeat(bullet.length);
  return wrapText(text, WIDTH - bullet.length).map((line, at) => `${at === 0 ? bullet : indent}${line}`);
}
