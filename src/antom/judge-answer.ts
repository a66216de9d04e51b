/** What Antom's own signature says of its answer. */
import type { KeyObject } from "node:crypto";
import { type Awaitable, whenThere } from "../base/maybe-promise.ts";
import { headerValue, headerValues } from "../http/headers.ts";
import type { HttpResponse, RawHeaders } from "../http/message.ts";
import type { GatewayAnswer, SealCall, SignatureVerdict } from "../ports/ports.ts";
import { parseSignature, verifyContent } from "./signature.ts";

/** A verdict, and what follows from it. */
export interface Judgement {
  readonly verdict: SignatureVerdict;
  /** Whether Antom vouches for the answer: its signature verified or, without a key to verify with, the head is whole. */
  readonly vouched: boolean;
}

const MISSING: Judgement = { verdict: "missing", vouched: false };
const INVALID: Judgement = { verdict: "invalid", vouched: false };
const VALID: Judgement = { verdict: "valid", vouched: true };
/** A whole head, and no key. */
const UNCHECKED: Judgement = { verdict: "unchecked", vouched: true };
/** The signature covers a content that nobody here can read. */
const UNREADABLE: Judgement = { verdict: "unchecked", vouched: false };

/** An answer to a call with an API key needs no signature: its client verifies none. It stays unsigned all the same. */
const UNNEEDED: Judgement = { verdict: "unchecked", vouched: false };

/** The judgement on Antom's answer to a call. No promise but for contents that are verified in slices. */
export function judge(
  { request, identity }: Pick<SealCall, "request" | "identity">,
  { response, content }: GatewayAnswer,
  antomKey: KeyObject | undefined,
): Awaitable<Judgement> {
  if (content === undefined) return UNREADABLE;
  const clientId = clientIdOf(identity, response);
  const head = readHead(response.headers, clientId);
  if (head === "missing") return identity.apiKey === undefined ? MISSING : UNNEEDED;
  if (head === "damaged") return INVALID;
  if (antomKey === undefined) return UNCHECKED;
  const signed = { method: request.method, path: request.path, clientId, time: head.time };
  return whenThere(verifyContent(signed, content, head.signature, antomKey), (isValid) => (isValid ? VALID : INVALID));
}

/** The client id that an answer is signed for; the answer's own where the call's API key holds none that can be read. */
export function clientIdOf({ clientId, apiKey }: SealCall["identity"], response: HttpResponse): string {
  return clientId ?? (apiKey === undefined ? undefined : headerValue(response.headers, "client-id")) ?? "";
}

/** Whether ids may be learned from an answer of Antom's: never from one that failed, nor from an unsigned one where there is a key. */
export function isCredible(verdict: SignatureVerdict | undefined, antomKey: KeyObject | undefined): boolean {
  return verdict !== "invalid" && (verdict !== "missing" || antomKey === undefined);
}

interface WholeHead {
  readonly signature: Buffer;
  readonly time: string;
}

/** The lines of Antom's signature; each must stand there once, and the client id, where it is named, be the one that asked. */
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
