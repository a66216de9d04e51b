/** Checks every request before its operation runs: method, path, client, headers, signature, content type, in this order. */

import type { KeyObject } from "node:crypto";
import { identify } from "../antom/gateway.ts";
import { parseSignature, verifySignature } from "../antom/signature.ts";
import { headerValue } from "../http/headers.ts";
import type { HttpRequest } from "../http/message.ts";
import type { Identity } from "../ports/ports.ts";
import { listed } from "./reply.ts";
import { signedPart } from "./signed-part.ts";

/** Facts about every request. */
interface Seen {
  /** The operation's name; `-` when the path is unknown. */
  readonly operation: string;
  /** From the header or the API key; empty when neither has one. */
  readonly clientId: string;
  /** False: the answer is unsigned, because the caller was not verified (docs.antom.com/ac/ams/digital_signature, 2026-11) or needs no signature (API keys, sessions). */
  readonly isSigned: boolean;
}

/** A refused request. */
export interface Refusal extends Seen {
  readonly kind: "refused";
  readonly code: string;
  /** Describes the error in this request; undefined when the code is sufficient. */
  readonly detail: string | undefined;
}

/** A request with valid headers and a valid signature or API key; `content` is the signed JSON. */
export interface Accepted extends Seen {
  readonly kind: "accepted";
  readonly content: Buffer;
}

/** The only call without client id and signature; a session id authorises it. */
const SESSION_CALL = "meter.uploadEvent";
const UPLOAD_CALL = "billing.product.uploadImage";
const REQUIRED_HEADERS = ["client-id", "request-time", "signature"];
/** The content type is optional (docs.antom.com/ac/ams/api_fund, 2026-11). */
const JSON_TYPE = /^\s*(?:$|application\/json\s*(?:;|$))/i;

/** Checks `request`. `merchantKey` undefined: a signature is required but not verified. */
export function verifyRequest(request: HttpRequest, merchantKey: KeyObject | undefined): Accepted | Refusal {
  const identity = identify(request, () => false);
  const { operation = "-", clientId = "" } = identity;
  // File uploads are signed even when the call has an API key.
  const usesKey = identity.apiKey !== undefined && operation !== UPLOAD_CALL;
  const seen = { operation, clientId, isSigned: clientId !== "" && !usesKey };
  if (request.method !== "POST") return refused(seen, "METHOD_NOT_SUPPORTED");
  if (operation === "-") return refused(seen, "NO_INTERFACE_DEF");
  if (operation === SESSION_CALL) return verifySessionCall(request);
  const missing = usesKey ? [] : REQUIRED_HEADERS.filter((name) => (headerValue(request.headers, name) ?? "") === "");
  if (missing.length > 0) return refused({ ...seen, isSigned: false }, "PARAM_ILLEGAL", required(missing));
  return refuseStanding(seen, identity) ?? verifyContent(request, seen, usesKey ? undefined : merchantKey);
}

function verifySessionCall(request: HttpRequest): Accepted | Refusal {
  const seen = { operation: SESSION_CALL, clientId: "", isSigned: false };
  const sessionId = headerValue(request.headers, "x-session-id") ?? "";
  return sessionId === ""
    ? refused(seen, "PARAM_ILLEGAL", required(["X-Session-Id"]))
    : { kind: "accepted", ...seen, content: request.body };
}

function refuseStanding(seen: Seen, { standing }: Identity): Refusal | undefined {
  if (standing.kind === "sandbox") return undefined;
  if (standing.kind === "production") return refused(seen, "CLIENT_INVALID", "A sandbox client id begins with `SANDBOX_`.");
  return refused(seen, standing.reason === "client-id" ? "CLIENT_INVALID" : "ACCESS_DENIED", `${capitalised(standing.message)}.`);
}

function verifyContent(request: HttpRequest, seen: Seen, merchantKey: KeyObject | undefined): Accepted | Refusal {
  const isUpload = seen.operation === UPLOAD_CALL;
  const type = headerValue(request.headers, "content-type") ?? "";
  const content = isUpload ? signedPart(type, request.body) : request.body;
  if (content === undefined) return refused(seen, "PARAM_ILLEGAL", "The multipart part `body` is required.");
  if (merchantKey !== undefined && !isSignedBy(request, content, merchantKey)) {
    return refused({ ...seen, isSigned: false }, "INVALID_SIGNATURE");
  }
  if (!isUpload && !JSON_TYPE.test(type)) return refused(seen, "MEDIA_TYPE_NOT_ACCEPTABLE", "The content type must be `application/json`.");
  return { kind: "accepted", ...seen, content };
}

function isSignedBy({ method, path, headers }: HttpRequest, content: Buffer, merchantKey: KeyObject): boolean {
  const signature = parseSignature(headerValue(headers, "signature") ?? "");
  if (signature === undefined) return false;
  const head = { method, path, clientId: headerValue(headers, "client-id") ?? "", time: headerValue(headers, "request-time") ?? "" };
  return verifySignature(head, content, signature, merchantKey);
}

function refused(seen: Seen, code: string, detail?: string): Refusal {
  return { kind: "refused", ...seen, code, detail };
}

function required(headers: readonly string[]): string {
  return headers.length === 1 ? `The header ${listed(headers)} is required.` : `The headers ${listed(headers)} are required.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
