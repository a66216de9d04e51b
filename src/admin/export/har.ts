/** Kept calls as an HTTP Archive (HAR 1.2), which browsers' developer tools open; redacted like the page. */
import { headerPairs, headerValue } from "../../http/headers.ts";
import type { RawHeaders } from "../../http/message.ts";
import type { JournalEntry } from "../../observe/journal/journal.ts";
import { redactAuthority, redactHeaders, redactPath, redactQuery } from "../../observe/redact/redact.ts";
import { shownBody } from "../../observe/redact/shown-body.ts";
import type { CallRecord } from "../../ports/ports.ts";

/** The archive of `entries` (newest first, as the journal gives them), oldest first as the format wants it. */
export function harOf(entries: readonly JournalEntry[], version: string): unknown {
  const creator = { name: "antom-fault-proxy", version };
  return { log: { version: "1.2", creator, entries: entries.toReversed().map(({ record }) => harEntry(record)) } };
}

function harEntry(record: CallRecord): unknown {
  const { request, durationMs } = record;
  const path = redactPath(request.path);
  return {
    startedDateTime: new Date(record.startedAtMs).toISOString(),
    time: durationMs,
    request: {
      method: request.method,
      url: `${record.arrival.way === "http" ? "http" : "https"}://${redactAuthority(request.authority ?? "localhost")}${path}`,
      httpVersion: record.arrival.way === "http2" ? "HTTP/2" : "HTTP/1.1",
      cookies: [],
      headers: named(request.headers),
      queryString: redactQuery(request.path),
      postData: { mimeType: mimeType(request.headers), text: shownBody(request, Number.POSITIVE_INFINITY) },
      headersSize: -1,
      bodySize: request.body.length,
    },
    response: harResponse(record),
    cache: {},
    timings: timingsOf(record),
    comment: [record.outcome, record.rule?.name].filter(Boolean).join(" by "),
    _operation: record.identity.operation,
    _upstreamSignature: record.verdict,
    _decision: record.rule,
    _ruleDelayMs: record.waitMs,
    _upstreamMs: record.upstreamMs,
    _delivery: record.delivery,
    _deliveryEnd: record.deliveryEnd,
  };
}

/** The parts of the whole time as archives name them; `receive` is the delivery, or what is left after the gateway where it is not known. */
function timingsOf({ durationMs, upstreamMs, deliveryMs }: CallRecord): unknown {
  const receive = Math.max(0, deliveryMs ?? durationMs - (upstreamMs ?? durationMs));
  return { blocked: -1, dns: -1, connect: -1, send: 0, wait: durationMs - receive, receive };
}

/** Status 0 is how archives tell that no answer came. */
function harResponse({ response, sentBytes }: CallRecord): unknown {
  const { status, headers, body } = response ?? { status: 0, headers: [], body: Buffer.alloc(0) };
  return {
    status,
    statusText: "",
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: named(headers),
    content: { size: body.length, mimeType: mimeType(headers), text: shownBody({ headers, body }, Number.POSITIVE_INFINITY) },
    redirectURL: "",
    headersSize: -1,
    bodySize: sentBytes ?? -1,
  };
}

function named(headers: RawHeaders): { name: string; value: string }[] {
  return headerPairs(redactHeaders(headers)).map(([name, value]) => ({ name, value }));
}

function mimeType(headers: RawHeaders): string {
  return headerValue(headers, "content-type") ?? "application/octet-stream";
}
