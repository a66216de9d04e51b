/** The body of a message as text for the page and the exports: decoded, cut and redacted. */
import { type CodedBody, contentNow } from "../../http/content.ts";
import { redactBody } from "./redact.ts";

/** Maximum size of decoded content. */
const DECODED_BYTES = 4 * 1024 * 1024;

/** Decodes, redacts and truncates the content of a message; if its coding cannot be removed, the text says so. */
export function shownBody(shown: CodedBody, mostBytes: number): string {
  const content = contentNow(shown, DECODED_BYTES);
  if (content === undefined) return `[${shown.body.length} bytes whose content coding cannot be undone]`;
  const cut = content.length > mostBytes ? content.subarray(0, endWithoutDigits(content, mostBytes)) : content;
  return redactBody(cut, shown.headers);
}

/** Truncates before digits, which could be the start of an unrecognised card number. */
function endWithoutDigits(body: Buffer, mostBytes: number): number {
  const last = body.toString("latin1", mostBytes - 64, mostBytes);
  return mostBytes - (/[\d\s-]*$/.exec(last)?.[0].length ?? 0);
}
