/** The text of `connect <client>`: source code that configures the SDK for this proxy, with notes as comments. */
import type { Endpoint, SdkSetup } from "../antom/sdk-setup/setup.ts";
import { type SdkClient, sdkSetup } from "../antom/sdk-setup.ts";
import { wrapText } from "./layout.ts";

const WIDTH = 110;

/** The text with a final line feed. Node's and curl's are complete programs; the others are marked as fragments. */
export function connectText(client: SdkClient, endpoint: Endpoint): string {
  const setup = sdkSetup(client, endpoint);
  return `${commentsOf(setup).join("\n")}\n\n${setup.code}`;
}

function commentsOf(setup: SdkSetup): string[] {
  const paragraphs = [setup.title, ...(setup.obstacle === undefined ? [] : [`Not ready: ${setup.obstacle}.`]), ...setup.notes];
  return paragraphs.flatMap((paragraph, index) => commentLines(paragraph, setup.comment, index === 0 ? "" : "- "));
}

function commentLines(paragraph: string, comment: string, bullet: string): string[] {
  const indent = " ".repeat(bullet.length);
  const lines = wrapText(paragraph, WIDTH - comment.length - 1 - bullet.length);
  return lines.map((line, index) => `${comment} ${index === 0 ? bullet : indent}${line}`);
}
