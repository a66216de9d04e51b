/** A call as the page shows it, always redacted: one line of the list, or everything that is known of it. */
import { z } from "zod";
import { type CodedBody, contentNow } from "../../../http/content.ts";
import { headerPairs } from "../../../http/headers.ts";
import type { HttpResponse } from "../../../http/message.ts";
import type { JournalEntry } from "../../../observe/journal/journal.ts";
import { redactHeaders, redactPath } from "../../../observe/redact/redact.ts";
import { shownBody } from "../../../observe/redact/shown-body.ts";
import type { Decision } from "../../../ports/ports.ts";

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
    action: z.string().optional().describe("what the rule did; absent: no rule acted"),
    resultCode: z.string().optional(),
    resultStatus: z.enum(["S", "F", "U"]).optional(),
    status: z.int().optional().describe("HTTP status sent; absent: no answer"),
    deliveryEnd: z
      .enum(["whole", "cut", "nothing", "aborted", "open"])
      .optional()
      .describe("how the answer's delivery ended; absent: not known"),
  })
  .meta({ id: "CallSummary" });

const header = z.tuple([z.string(), z.string()]).describe("name, value");
const message = z.object({ headers: z.array(header), body: z.string(), bodyBytes: z.int() });
const answer = message.extend({ status: z.int() });

const decision = z
  .object({
    rule: z.string(),
    step: z.int().describe("place of the rule's step that was performed, from 1"),
    firing: z.int().describe("count of the rule's firings, from 1"),
    rulesVersion: z.string().optional().describe("version of the rules that were in force; absent: asked for by the caller's header"),
    action: z.string().describe("what the rule did"),
  })
  .meta({ id: "CallDecision" });

export const callDetail = callSummary
  .extend({
    decision: decision.optional().describe("absent: no rule acted"),
    waitMs: z.number().optional().describe("time that a rule's delay took"),
    upstreamMs: z.number().optional().describe("time spent waiting for the gateway"),
    deliveryMs: z.number().optional().describe("time from the answer's decision to the end of its delivery"),
    remoteAddress: z.string(),
    serverName: z.string().optional(),
    tunnelTo: z.string().optional(),
    request: message,
    upstreamResponse: answer.optional(),
    response: answer.optional(),
    verdict: z.enum(["valid", "invalid", "missing", "unchecked"]).optional().describe("on the gateway's signature"),
    failure: z.object({ kind: z.string(), detail: z.string() }).optional(),
    refusal: z.string().optional(),
    delivery: z.string().describe("what was to be done with the connection: `whole`, `throttle`, `truncate`, `reset`, `hang` …"),
    sentBytes: z.int().optional().describe("body bytes sent; absent: not known"),
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
    action: record.rule?.action,
    resultCode: record.resultCode,
    resultStatus: resultStatusOf(record.response),
    status: record.response?.status,
    deliveryEnd: record.deliveryEnd,
  };
}

/** Everything, redacted. */
export function detail(entry: JournalEntry): CallDetail {
  const { record } = entry;
  return {
    ...summarize(entry),
    decision: record.rule && viewDecision(record.rule),
    waitMs: record.waitMs,
    upstreamMs: record.upstreamMs,
    deliveryMs: record.deliveryMs,
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
    sentBytes: record.sentBytes,
  };
}

function viewDecision({ name, step, firing, rulesVersion, action }: Decision): z.infer<typeof decision> {
  return { rule: name, step, firing, rulesVersion, action };
}

/** Bodies are shown up to here. */
const SHOWN_BYTES = 256 * 1024;

function viewMessage(shown: CodedBody): z.infer<typeof message> {
  return { headers: headerPairs(redactHeaders(shown.headers)), body: shownBody(shown, SHOWN_BYTES), bodyBytes: shown.body.length };
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
