/** The body of a message as text for the page and the exports: decoded, cut and redacted. */
import { type CodedBody, contentNow } from "../../http/content.ts";
import { redactBody } from "./redact.ts";

/** Content that is decoded to be shown is no longer than this. */
const DECODED_BYTES = 4 * 1024 * 1024;

/** The content of a message, redacted and cut; its coding is undone, and one that cannot be undone is told instead. */
export function shownBody(shown: CodedBody, mostBytes: number): string {
  const content = contentNow(shown, DECODED_BYTES);
  if (content === undefined) return `[${shown.body.length} bytes whose content coding cannot be undone]`;
  const cut = content.length > mostBytes ? content.subarray(0, endWithoutDigits(content, mostBytes)) : content;
  return redactBody(cut, shown.headers);
}

/** Where to cut: before digits, which could be the first of a card number and would not be known as one. */
function endWithoutDigits(body: Buffer, mostBytes: number): number {
  const last = body.toString("latin1", mostBytes - 64, mostBytes);
  return mostBytes - (/[\d\s-]*$/.exec(last)?.[0].length ?? 0);
}
