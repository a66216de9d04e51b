/** A call as the page shows it, always redacted: one line of the list, or everything that is known of it. */
import { z } from "zod";
import { type CodedBody, contentNow } from "../../../http/content.ts";
import type { HttpResponse, RawHeaders } from "../../../http/message.ts";
import type { JournalEntry } from "../../../observe/journal/journal.ts";
import { redactBody, redactHeaders, redactPath } from "../../../observe/redact/redact.ts";

export const callSummary = z
  .object({
    id: z.string(),
    sequence: z.int().describe("1 for the first call, growing by one"),
    startedAtMs: z.number(),
    durationMs: z.number(),
    method: z.string(),
    path: z.string(),
    operation: z.string().optional().describe("absent: the catalogue does not know the path"),
    clientId: z.string().optional(),
    way: z.enum(["http", "https", "http2", "connect"]),
    outcome: z.enum(["forwarded", "injected", "refused", "failed", "tunnelled"]),
    rule: z.string().optional(),
    resultCode: z.string().optional(),
    resultStatus: z.enum(["S", "F", "U"]).optional(),
    status: z.int().optional().describe("HTTP status sent; absent: no answer"),
  })
  .meta({ id: "CallSummary" });

const header = z.tuple([z.string(), z.string()]).describe("name, value");
const message = z.object({ headers: z.array(header), body: z.string(), bodyBytes: z.int() });
const answer = message.extend({ status: z.int() });

export const callDetail = callSummary
  .extend({
    upstreamMs: z.number().optional(),
    remoteAddress: z.string(),
    serverName: z.string().optional(),
    tunnelTo: z.string().optional(),
    request: message,
    upstreamResponse: answer.optional(),
    response: answer.optional(),
    verdict: z.enum(["valid", "invalid", "missing", "unchecked"]).optional().describe("on the gateway's signature"),
    failure: z.object({ kind: z.string(), detail: z.string() }).optional(),
    refusal: z.string().optional(),
    delivery: z.string(),
  })
  .meta({ id: "CallDetail" });

export type CallSummary = z.infer<typeof callSummary>;
export type CallDetail = z.infer<typeof callDetail>;

/** What `summarize` reads of a body; a list asks the journal for no more. */
export const SUMMARY_BODY_BYTES = 4096;

/** One line of the list. */
export function summarize({ sequence, record }: JournalEntry): CallSummary {
  return {
    id: record.id,
    sequence,
    startedAtMs: record.startedAtMs,
    durationMs: record.durationMs,
    method: record.request.method,
    path: redactPath(record.request.path),
    operation: record.identity.operation,
    clientId: record.identity.clientId,
    way: record.arrival.way,
    outcome: record.outcome,
    rule: record.rule?.name,
    resultCode: record.resultCode,
    resultStatus: resultStatusOf(record.response),
    status: record.response?.status,
  };
}

/** Everything, redacted. */
export function detail(entry: JournalEntry): CallDetail {
  const { record } = entry;
  return {
    ...summarize(entry),
    upstreamMs: record.upstreamMs,
    remoteAddress: record.arrival.remoteAddress,
    serverName: record.arrival.serverName,
    tunnelTo: record.arrival.tunnelTo,
    request: viewMessage(record.request),
    upstreamResponse: record.upstreamResponse && viewAnswer(record.upstreamResponse),
    response: record.response && viewAnswer(record.response),
    verdict: record.verdict,
    failure: record.failure,
    refusal: record.refusal,
    delivery: record.delivery,
  };
}

/** Header lines as pairs. */
export function pairs(headers: RawHeaders): [string, string][] {
  const lines: [string, string][] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) lines.push([headers[at] ?? "", headers[at + 1] ?? ""]);
  return lines;
}

/** Bodies are shown up to here. */
const SHOWN_BYTES = 256 * 1024;

function viewMessage(shown: CodedBody): z.infer<typeof message> {
  return { headers: pairs(redactHeaders(shown.headers)), body: shownBody(shown, SHOWN_BYTES), bodyBytes: shown.body.length };
}

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

function viewAnswer(response: HttpResponse): z.infer<typeof answer> {
  return { ...viewMessage(response), status: response.status };
}

/** What so many bytes of a body, decoded, may come to at most: it is asked for every line of a list. */
const SUMMARY_CONTENT_BYTES = 256 * 1024;

/** Read by pattern, not by parsing: it is asked for every call while a page is open. */
function resultStatusOf(response: HttpResponse | undefined): CallSummary["resultStatus"] {
  const content = response && contentNow(response, SUMMARY_CONTENT_BYTES);
  const found = content && /"resultStatus"\s*:\s*"([SFU])"/.exec(content.toString("latin1", 0, SUMMARY_BODY_BYTES))?.[1];
  return found === "S" || found === "F" || found === "U" ? found : undefined;
}
