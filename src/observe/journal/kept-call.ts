/** A call packed for the journal, with texts and bodies as bytes: thousands of small objects that live for a thousand calls would cost more than the calls. */
import type { HttpResponse, RawHeaders } from "../../http/message.ts";
import type { CallRecord, Identity, Standing } from "../../ports/ports.ts";
import type { BytePages, Page } from "./byte-pages.ts";

/** The packed form of one call. */
export interface KeptCall extends Omit<CallRecord, "id" | "request" | "identity" | "upstreamResponse" | "response"> {
  readonly sequence: number;
  readonly page: Page;
  /** The offset of its text in the page; request body, gateway's body and sent body follow. */
  readonly at: number;
  readonly textBytes: number;
  /** The number of its texts that are the request's header lines, and that are the gateway's. */
  readonly requestTexts: number;
  readonly upstreamTexts: number;
  readonly requestBytes: number;
  readonly upstreamBytes: number;
  /** 0 when the sent body is the gateway's. */
  readonly responseBytes: number;
  /** Which parts of the sent answer are the gateway's own. */
  readonly shared: "all" | "body" | "nothing";
  readonly upstreamStatus: number | undefined;
  readonly responseStatus: number | undefined;
  readonly operation: string | undefined;
  readonly clientId: string | undefined;
  readonly apiKey: Identity["apiKey"];
  readonly standing: Standing;
}

/** The separator of texts; it cannot occur in a head (RFC 9110 §5.5). */
const BETWEEN = "\n";
/** Heads are bytes of the wire, one character per byte. */
const ENCODING = "latin1";

/** Packs `record` as the `sequence`-th call and counts it in its page. */
export function keepCall(record: CallRecord, sequence: number, pages: BytePages): KeptCall {
  const { request, identity, upstreamResponse, response } = record;
  const shared = sharing(record);
  const sent = shared === "nothing" ? response?.body : undefined;
  const text = textOf(record, shared);
  const upstreamBytes = upstreamResponse?.body.length ?? 0;
  const page = pages.pageFor(text.length + request.body.length + upstreamBytes + (sent?.length ?? 0));
  const at = begin(page, text);
  appendBodies(page, record, sent);
  return {
    sequence,
    page,
    at,
    textBytes: text.length,
    requestTexts: request.headers.length,
    upstreamTexts: upstreamResponse?.headers.length ?? 0,
    requestBytes: request.body.length,
    upstreamBytes,
    responseBytes: sent?.length ?? 0,
    shared,
    upstreamStatus: upstreamResponse?.status,
    responseStatus: response?.status,
    operation: identity.operation,
    clientId: identity.clientId,
    apiKey: identity.apiKey,
    standing: identity.standing,
    startedAtMs: record.startedAtMs,
    durationMs: record.durationMs,
    waitMs: record.waitMs,
    upstreamMs: record.upstreamMs,
    deliveryMs: record.deliveryMs,
    arrival: record.arrival,
    outcome: record.outcome,
    rule: record.rule,
    resultCode: record.resultCode,
    verdict: record.verdict,
    failure: record.failure,
    refusal: record.refusal,
    delivery: record.delivery,
    deliveryEnd: record.deliveryEnd,
    sentBytes: record.sentBytes,
  };
}

/** The memory of a kept call above the common minimum. Its separate strings come from callers and gateways, so their length counts too. */
export function bytesOf(kept: KeptCall): number {
  const { failure, resultCode, clientId } = kept;
  const looseCharacters = (resultCode?.length ?? 0) + (clientId?.length ?? 0) + (failure?.detail.length ?? 0);
  return kept.textBytes + kept.requestBytes + kept.upstreamBytes + kept.responseBytes + 2 * looseCharacters;
}

/** Whether this call has that id. */
export function hasId({ page, at }: KeptCall, id: string): boolean {
  const start = Buffer.from(id + BETWEEN, ENCODING);
  return page.bytes.subarray(at, at + start.length).equals(start);
}

/** Restores the record; its bodies are copies of at most `mostBodyBytes` each. */
export function readCall(kept: KeptCall, mostBodyBytes: number = Number.POSITIVE_INFINITY): CallRecord {
  const { page, at } = kept;
  const [id = "", method = "", target = "", path = "", authority = "", ...lines] = page.bytes
    .toString(ENCODING, at, at + kept.textBytes)
    .split(BETWEEN);
  const headers = lines.splice(0, kept.requestTexts);
  const upstreamHeaders = lines.splice(0, kept.upstreamTexts);
  const requestAt = at + kept.textBytes;
  const upstreamAt = requestAt + kept.requestBytes;
  const slice = (from: number, bytes: number): Buffer => copy(page, from, Math.min(bytes, mostBodyBytes));
  const upstreamBody = slice(upstreamAt, kept.upstreamBytes);
  const upstreamResponse = answer(kept.upstreamStatus, upstreamHeaders, upstreamBody);
  const sentBody = (): Buffer => (kept.shared === "body" ? upstreamBody : slice(upstreamAt + kept.upstreamBytes, kept.responseBytes));
  return {
    id,
    startedAtMs: kept.startedAtMs,
    durationMs: kept.durationMs,
    waitMs: kept.waitMs,
    upstreamMs: kept.upstreamMs,
    deliveryMs: kept.deliveryMs,
    arrival: kept.arrival,
    request: { method, target, path, authority: given(authority), headers, body: slice(requestAt, kept.requestBytes) },
    identity: { operation: kept.operation, clientId: kept.clientId, apiKey: kept.apiKey, standing: kept.standing },
    outcome: kept.outcome,
    rule: kept.rule,
    resultCode: kept.resultCode,
    upstreamResponse,
    response: kept.shared === "all" ? upstreamResponse : answer(kept.responseStatus, lines, sentBody()),
    verdict: kept.verdict,
    failure: kept.failure,
    refusal: kept.refusal,
    delivery: kept.delivery,
    deliveryEnd: kept.deliveryEnd,
    sentBytes: kept.sentBytes,
  };
}

function sharing({ response, upstreamResponse }: CallRecord): KeptCall["shared"] {
  if (response === undefined || upstreamResponse === undefined) return "nothing";
  if (response === upstreamResponse) return "all";
  return response.body === upstreamResponse.body ? "body" : "nothing";
}

/** Reused by every call; it is emptied after each use. */
const texts: string[] = [];

function textOf({ id, request, upstreamResponse, response }: CallRecord, shared: KeptCall["shared"]): string {
  texts.push(id, request.method, request.target, request.path, marked(request.authority));
  for (const text of request.headers) texts.push(text);
  if (upstreamResponse !== undefined) for (const text of upstreamResponse.headers) texts.push(text);
  if (shared !== "all" && response !== undefined) for (const text of response.headers) texts.push(text);
  // join() creates a flat string.
  const text = texts.join(BETWEEN);
  texts.length = 0;
  return text;
}

/** Distinguishes absent from empty. */
function marked(text: string | undefined): string {
  return text === undefined ? "" : `=${text}`;
}

function given(text: string): string | undefined {
  return text === "" ? undefined : text.slice(1);
}

function answer(status: number | undefined, headers: RawHeaders, body: Buffer): HttpResponse | undefined {
  return status === undefined ? undefined : { status, headers, body };
}

function copy(page: Page, at: number, bytes: number): Buffer {
  return Buffer.from(page.bytes.subarray(at, at + bytes));
}

/** Counts a call in the page and writes its texts; returns their offset. */
function begin(page: Page, text: string): number {
  const at = page.used;
  page.calls += 1;
  page.used += page.bytes.write(text, at, ENCODING);
  return at;
}

function appendBodies(page: Page, { request, upstreamResponse }: CallRecord, sent: Buffer | undefined): void {
  append(page, request.body);
  append(page, upstreamResponse?.body);
  append(page, sent);
}

function append(page: Page, body: Buffer | undefined): void {
  if (body === undefined) return;
  page.bytes.set(body, page.used);
  page.used += body.length;
}
