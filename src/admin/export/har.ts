/** Kept calls as an HTTP Archive (HAR 1.2), which browsers' developer tools open; redacted like the page. */
import { headerPairs, headerValue } from "../../http/headers.ts";
import type { HttpResponse, RawHeaders } from "../../http/message.ts";
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
  const { request, upstreamMs, durationMs } = record;
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
    response: harResponse(record.response),
    cache: {},
    timings: {
      blocked: -1,
      dns: -1,
      connect: -1,
      send: 0,
      wait: upstreamMs ?? durationMs,
      receive: Math.max(0, durationMs - (upstreamMs ?? durationMs)),
    },
    comment: [record.outcome, record.rule?.name].filter(Boolean).join(" by "),
    _operation: record.identity.operation,
    _upstreamSignature: record.verdict,
  };
}

/** Status 0 is how archives tell that no answer came. */
function harResponse(response: HttpResponse | undefined): unknown {
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
    bodySize: body.length,
  };
}

function named(headers: RawHeaders): { name: string; value: string }[] {
  return headerPairs(redactHeaders(headers)).map(([name, value]) => ({ name, value }));
}

function mimeType(headers: RawHeaders): string {
  return headerValue(headers, "content-type") ?? "application/octet-stream";
}
