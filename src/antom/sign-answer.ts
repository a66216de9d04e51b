/** The last step of every answer: verifies Antom's signature, if any, and signs with the proxy's key. */
import type { KeyObject } from "node:crypto";
import { type MaybePromise, mapMaybePromise } from "../base/maybe-promise.ts";
import { headerValue, keepHeaders } from "../http/headers.ts";
import type { HttpResponse } from "../http/message.ts";
import type { SealCall, Sealed, SignatureVerdict } from "../ports/ports.ts";
import { resultCodeOf } from "./answer.ts";
import { clientIdOf, isCredible, judge } from "./judge-answer.ts";
import type { Signer } from "./signature.ts";
import { createResponseTimes } from "./times.ts";

export interface SealOptions {
  readonly signer: Signer;
  /** Antom's key; undefined: signatures cannot be verified and the verdict is `unchecked`. */
  readonly antomKey: KeyObject | undefined;
  /** `overridden`: answers that no rule changed keep Antom's signature unverified. */
  readonly resign: "all" | "overridden";
  /** The clock's wall reading, for `response-time`. */
  readonly now: () => number;
}

/** Words in the names of the three headers that SDKs read. PHP accepts any header that contains one of the first two. */
export const RESERVED_WORDS: readonly string[] = ["signature", "response-time"];

/** Operations with unsigned requests and answers (meter/uploadEvent is authorised only by its session). */
const UNSIGNED: ReadonlySet<string> = new Set(["meter.uploadEvent"]);

/** Maximum length, in bytes, of a body that is searched for ids and codes. */
const LOOKED_AT_BYTES = 1024 * 1024;

/** Creates `seal` (see Gateway.seal). An answer that fails verification is never signed, whatever a fault changed; without changes it passes through untouched. */
export function createSeal(options: SealOptions): (call: SealCall) => MaybePromise<Sealed> {
  const own = { ...options, timeAt: createResponseTimes(), codeOf: rememberCodes() };
  return (call) => (call.maker === "gateway" ? sealTheirs(call, options) : sealOwn(call, own));
}

/** Whether an authentic answer of Antom to this call is signed again. */
export function isSignedAgain(call: Pick<SealCall, "identity" | "changed">, { resign }: Pick<SealOptions, "resign">): boolean {
  return !isUnsigned(call) && (resign === "all" || call.changed);
}

interface OwnOptions extends SealOptions {
  readonly timeAt: (nowMs: number) => string;
  readonly codeOf: (body: Buffer) => string | undefined;
}

/** Seals an answer created by the proxy; Antom's own answer, if any, is verified as well. */
function sealOwn(call: SealCall, options: OwnOptions): MaybePromise<Sealed> {
  const { body } = call.response;
  const resultCode = options.codeOf(body);
  const isSigned = call.maker === "proxy" && !isUnsigned(call);
  return mapMaybePromise(isSigned ? signOwn(call, options) : call.response, (response) =>
    mapMaybePromise(judgeReplaced(call, options.antomKey), (verdict) => ({
      response,
      verdict,
      resultCode,
      signedContent: isSigned ? body : undefined,
      credible: body,
    })),
  );
}

/** Caches `resultCodeOf` for bodies that serve many answers: a rule uses one Buffer for all its answers. */
function rememberCodes(): (body: Buffer) => string | undefined {
  const known = new WeakMap<Buffer, { readonly code: string | undefined }>();
  return (body) => {
    const found = known.get(body) ?? { code: resultCodeOf(body) };
    known.set(body, found);
    return found.code;
  };
}

function sealTheirs(call: SealCall, options: SealOptions): MaybePromise<Sealed> {
  const { theirs } = call;
  if (theirs === undefined) throw new Error("a gateway answer without the original response");
  if (!isSignedAgain(call, options)) return leave(call, undefined, options);
  return mapMaybePromise(judge(call, theirs, options.antomKey), ({ verdict, vouched }) =>
    vouched && call.content !== undefined ? signAgain(call, call.content, { verdict, ...options }) : leave(call, verdict, options),
  );
}

/** Returns Antom's answer without changes. */
function leave({ response, content }: SealCall, verdict: SignatureVerdict | undefined, { antomKey }: SealOptions): Sealed {
  const start = content === undefined ? undefined : startOf(content);
  return {
    response,
    verdict,
    resultCode: start === undefined ? undefined : resultCodeOf(start),
    signedContent: undefined,
    credible: isCredible(verdict, antomKey) ? start : undefined,
  };
}

function startOf(content: Buffer): Buffer {
  return content.length > LOOKED_AT_BYTES ? content.subarray(0, LOOKED_AT_BYTES) : content;
}

function isUnsigned({ identity }: Pick<SealCall, "identity">): boolean {
  return UNSIGNED.has(identity.operation ?? "");
}

function judgeReplaced(call: SealCall, antomKey: KeyObject | undefined): MaybePromise<SignatureVerdict | undefined> {
  const { theirs } = call;
  if (theirs === undefined || isUnsigned(call)) return undefined;
  return mapMaybePromise(judge(call, theirs, antomKey), ({ verdict }) => verdict);
}

function signOwn(call: SealCall, { signer, now, timeAt }: OwnOptions): MaybePromise<HttpResponse> {
  const clientId = call.identity.clientId ?? "";
  const time = timeAt(now());
  const head = { method: call.request.method, path: call.request.path, clientId, time };
  return mapMaybePromise(signer.signCanned(head, call.response.body), (signature) =>
    withSignature(call.response, clientId, time, signature),
  );
}

async function signAgain(
  { request, response, theirs, identity }: SealCall,
  content: Buffer,
  { signer, verdict }: { readonly signer: Signer; readonly verdict: SignatureVerdict },
): Promise<Sealed> {
  const told = theirs?.response ?? response;
  const clientId = clientIdOf(identity, told);
  const time = headerValue(told.headers, "response-time") ?? "";
  const head = { method: request.method, path: request.path, clientId, time };
  const start = startOf(content);
  const resultCode = resultCodeOf(start);
  const signature = await signer.sign(head, content);
  return { response: withSignature(response, clientId, time, signature), verdict, resultCode, signedContent: content, credible: start };
}

function withSignature(response: HttpResponse, clientId: string, time: string, signature: string): HttpResponse {
  const headers = keepHeaders(response.headers, isUnreserved);
  headers.push("client-id", clientId, "response-time", time, "signature", signature);
  return { status: response.status, headers, body: response.body };
}

/** False for Antom's three headers in any case, and for every header that an SDK could mistake for one of them. */
function isUnreserved(name: string, value: string): boolean {
  if (name === "client-id") return false;
  return !RESERVED_WORDS.some((word) => name.includes(word) || value.includes(word));
}
