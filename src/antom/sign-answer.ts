/** The last step of every answer: Antom's signature is verified where there is one, and the answer signed with the proxy's own key. */
import type { KeyObject } from "node:crypto";
import { type Awaitable, whenThere } from "../awaitable.ts";
import { headerValue, headerValues, keepHeaders } from "../http/headers.ts";
import type { HttpResponse, RawHeaders } from "../http/message.ts";
import type { SealCall, Sealed, SignatureVerdict } from "../ports.ts";
import { resultCodeOf } from "./answer.ts";
import { contentOf } from "./content.ts";
import { parseSignature, type Signer, verifySignature } from "./signature.ts";
import { createResponseTimes } from "./times.ts";

export interface SealOptions {
  readonly signer: Signer;
  /** Antom's key; undefined: its signatures cannot be checked and the verdict is `unchecked`. */
  readonly antomKey: KeyObject | undefined;
  /** `overridden`: answers that no rule changed keep Antom's signature, unverified. */
  readonly resign: "all" | "overridden";
  /** The clock's wall reading, for `response-time`. */
  readonly now: () => number;
}

/** The words of the three lines that an SDK reads. PHP takes any line that contains one of the first two for the real one. */
export const RESERVED_WORDS: readonly string[] = ["signature", "response-time"];

/** Operations whose answers carry no signature in either direction (meter/uploadEvent is authorised by its session alone). */
const UNSIGNED: ReadonlySet<string> = new Set(["meter.uploadEvent"]);

/** Builds `seal`: see Gateway.seal. An answer whose signature was checked and failed, or that has none, goes through untouched. */
export function createSeal(options: SealOptions): (call: SealCall) => Awaitable<Sealed> {
  const own = { ...options, timeAt: createResponseTimes(), codeOf: rememberCodes() };
  return (call) => (call.from === "proxy" ? sealOwn(call, own) : sealTheirs(call, options));
}

interface OwnOptions extends SealOptions {
  readonly timeAt: (nowMs: number) => string;
  readonly codeOf: (body: Buffer) => string | undefined;
}

function sealOwn(call: SealCall, options: OwnOptions): Awaitable<Sealed> {
  const resultCode = options.codeOf(call.response.body);
  return whenThere(isUnsigned(call) ? call.response : signOwn(call, options), (response) =>
    whenThere(judgeReplaced(call, options.antomKey), (verdict) => ({ response, verdict, resultCode })),
  );
}

/** `resultCodeOf` for bodies that serve many answers: a rule's body is one Buffer for good. */
function rememberCodes(): (body: Buffer) => string | undefined {
  const known = new WeakMap<Buffer, { readonly code: string | undefined }>();
  return (body) => {
    const found = known.get(body) ?? { code: resultCodeOf(body) };
    known.set(body, found);
    return found.code;
  };
}

function sealTheirs(call: SealCall, options: SealOptions): Awaitable<Sealed> {
  return whenThere(contentOf(call.response), (content) => sealContent(call, content, options));
}

/** `content` is the decoded body; undefined: it cannot be decoded. */
function sealContent(call: SealCall, content: Buffer | undefined, { antomKey, resign, signer }: SealOptions): Awaitable<Sealed> {
  const { response } = call;
  const resultCode = content === undefined ? undefined : resultCodeOf(content);
  if (isUnsigned(call) || (resign === "overridden" && !call.changed)) return { response, verdict: undefined, resultCode };
  if (content === undefined) return { response, verdict: "unchecked", resultCode };
  const verdict = judgeSignature(call, response, content, antomKey);
  if (verdict === "invalid" || verdict === "missing") return { response, verdict: expected(verdict, call), resultCode };
  return signAgain(call, content, signer).then((signed) => ({ response: signed, verdict, resultCode }));
}

function isUnsigned({ identity }: SealCall): boolean {
  return UNSIGNED.has(identity.operation ?? "");
}

/** An unsigned answer to a call with an API key is nothing to count: its client verifies none. It stays unsigned all the same. */
function expected(verdict: SignatureVerdict, { identity }: SealCall): SignatureVerdict {
  return verdict === "missing" && identity.apiKey !== undefined ? "unchecked" : verdict;
}

/** The verdict on the gateway's signature over `content`, the decoded body. */
function judgeSignature(
  { request, identity }: SealCall,
  response: HttpResponse,
  content: Buffer,
  antomKey: KeyObject | undefined,
): SignatureVerdict {
  const value = only(response.headers, "signature");
  const time = only(response.headers, "response-time");
  if (value === undefined && time === undefined) return "missing";
  if (antomKey === undefined) return "unchecked";
  const signature = value === undefined ? undefined : parseSignature(value);
  if (signature === undefined || time === undefined) return "invalid";
  const clientId = clientIdOf(identity, response);
  if ((headerValue(response.headers, "client-id") ?? clientId) !== clientId) return "invalid";
  const head = { method: request.method, path: request.path, clientId, time };
  return verifySignature(head, content, signature, antomKey) ? "valid" : "invalid";
}

/** The client id that an answer is signed for; the answer's own where the call's API key holds none that can be read. */
function clientIdOf({ clientId, apiKey }: SealCall["identity"], response: HttpResponse): string {
  return clientId ?? (apiKey === undefined ? undefined : headerValue(response.headers, "client-id")) ?? "";
}

function judgeReplaced(call: SealCall, antomKey: KeyObject | undefined): Awaitable<SignatureVerdict | undefined> {
  const { replaced } = call;
  if (replaced === undefined || isUnsigned(call)) return undefined;
  return whenThere(contentOf(replaced), (content) =>
    content === undefined ? "unchecked" : expected(judgeSignature(call, replaced, content, antomKey), call),
  );
}

function signOwn(call: SealCall, { signer, now, timeAt }: OwnOptions): Awaitable<HttpResponse> {
  const clientId = call.identity.clientId ?? "";
  const time = timeAt(now());
  const head = { method: call.request.method, path: call.request.path, clientId, time };
  return whenThere(signer.signCanned(head, call.response.body), (signature) => withSignature(call.response, clientId, time, signature));
}

async function signAgain(call: SealCall, content: Buffer, signer: Signer): Promise<HttpResponse> {
  const clientId = clientIdOf(call.identity, call.response);
  const time = headerValue(call.response.headers, "response-time") ?? "";
  const head = { method: call.request.method, path: call.request.path, clientId, time };
  return withSignature(call.response, clientId, time, await signer.sign(head, content));
}

function withSignature(response: HttpResponse, clientId: string, time: string, signature: string): HttpResponse {
  const headers = keepHeaders(response.headers, isUnreserved);
  headers.push("client-id", clientId, "response-time", time, "signature", signature);
  return { status: response.status, headers, body: response.body };
}

/** False for Antom's own three lines, whatever their case, and for every line that an SDK could take for one of them. */
function isUnreserved(name: string, value: string): boolean {
  if (name === "client-id") return false;
  return !RESERVED_WORDS.some((word) => name.includes(word) || value.includes(word));
}

/** The header's value when it stands there exactly once; a repeated one counts as damaged, so as an empty value. */
function only(headers: RawHeaders, name: string): string | undefined {
  const values = headerValues(headers, name);
  return values.length > 1 ? "" : values[0];
}
