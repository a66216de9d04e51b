/** Checks the signature of an answer from Antom. */
import type { KeyObject } from "node:crypto";
import { type MaybePromise, mapMaybePromise } from "../base/maybe-promise.ts";
import { headerValue, headerValues } from "../http/headers.ts";
import type { HttpResponse, RawHeaders } from "../http/message.ts";
import type { GatewayAnswer, SealCall, SignatureVerdict } from "../ports/ports.ts";
import { parseSignature, verifyContent } from "./signature.ts";

/** The result of the check. */
export interface Judgement {
  readonly verdict: SignatureVerdict;
  /** Whether the answer is authentic: its signature verified or, without a key, all signature headers are present. */
  readonly vouched: boolean;
}

const MISSING: Judgement = { verdict: "missing", vouched: false };
const INVALID: Judgement = { verdict: "invalid", vouched: false };
const VALID: Judgement = { verdict: "valid", vouched: true };
/** All signature headers are present, and there is no key to verify them. */
const UNCHECKED: Judgement = { verdict: "unchecked", vouched: true };
/** The content that the signature covers cannot be decoded. */
const UNREADABLE: Judgement = { verdict: "unchecked", vouched: false };

/** API-key clients verify no signatures, so an answer to their call needs none and stays unsigned. */
const UNNEEDED: Judgement = { verdict: "unchecked", vouched: false };

/** Checks the answer to a call. Returns a promise only for long contents, which are verified in slices. */
export function judge(
  { request, identity }: Pick<SealCall, "request" | "identity">,
  { response, content }: GatewayAnswer,
  antomKey: KeyObject | undefined,
): MaybePromise<Judgement> {
  if (content === undefined) return UNREADABLE;
  const clientId = clientIdOf(identity, response);
  const head = readHead(response.headers, clientId);
  if (head === "missing") return identity.apiKey === undefined ? MISSING : UNNEEDED;
  if (head === "damaged") return INVALID;
  if (antomKey === undefined) return UNCHECKED;
  const signed = { method: request.method, path: request.path, clientId, time: head.time };
  return mapMaybePromise(verifyContent(signed, content, head.signature, antomKey), (isValid) => (isValid ? VALID : INVALID));
}

/** The client id for which the answer is signed; taken from the answer when the call's API key contains no readable one. */
export function clientIdOf({ clientId, apiKey }: SealCall["identity"], response: HttpResponse): string {
  return clientId ?? (apiKey === undefined ? undefined : headerValue(response.headers, "client-id")) ?? "";
}

/** Whether ids may be taken from an answer: not after a failed check, and not from an unsigned answer when there is a key. */
export function isCredible(verdict: SignatureVerdict | undefined, antomKey: KeyObject | undefined): boolean {
  return verdict !== "invalid" && (verdict !== "missing" || antomKey === undefined);
}

interface WholeHead {
  readonly signature: Buffer;
  readonly time: string;
}

/** The signature headers; each must occur exactly once, and a client id must match the caller's. */
function readHead(headers: RawHeaders, clientId: string): WholeHead | "missing" | "damaged" {
  const signatures = headerValues(headers, "signature");
  const times = headerValues(headers, "response-time");
  if (signatures.length + times.length === 0) return "missing";
  const clientIds = headerValues(headers, "client-id");
  const time = times[0] ?? "";
  if (signatures.length > 1 || times.length > 1 || time === "") return "damaged";
  if (clientIds.length > 1 || (clientIds[0] ?? clientId) !== clientId) return "damaged";
  const signature = parseSignature(signatures[0] ?? "");
  return signature === undefined ? "damaged" : { signature, time };
}
