/** The last step of every answer: Antom's signature is verified where there is one, and the answer signed with the proxy's own key. */
import type { KeyObject } from "node:crypto";
import { type Awaitable, whenThere } from "../base/maybe-promise.ts";
import { headerValue, keepHeaders } from "../http/headers.ts";
import type { HttpResponse } from "../http/message.ts";
import type { SealCall, Sealed, SignatureVerdict } from "../ports/ports.ts";
import { resultCodeOf } from "./answer.ts";
import { clientIdOf, isCredible, judge } from "./judge-answer.ts";
import type { Signer } from "./signature.ts";
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

/** Ids and codes are looked for no further than this, in bytes. */
const LOOKED_AT_BYTES = 1024 * 1024;

/** Builds `seal`: see Gateway.seal. What Antom does not vouch for is never signed, whatever a fault did to it; unchanged it goes through untouched. */
export function createSeal(options: SealOptions): (call: SealCall) => Awaitable<Sealed> {
  const own = { ...options, timeAt: createResponseTimes(), codeOf: rememberCodes() };
  return (call) => (call.maker === "gateway" ? sealTheirs(call, options) : sealOwn(call, own));
}

/** Whether an answer of Antom's to this call is signed again where Antom vouches for it. */
export function isSignedAgain(call: Pick<SealCall, "identity" | "changed">, { resign }: Pick<SealOptions, "resign">): boolean {
  return !isUnsigned(call) && (resign === "all" || call.changed);
}

interface OwnOptions extends SealOptions {
  readonly timeAt: (nowMs: number) => string;
  readonly codeOf: (body: Buffer) => string | undefined;
}

/** An answer of the proxy's making; what Antom said before is judged all the same. */
function sealOwn(call: SealCall, options: OwnOptions): Awaitable<Sealed> {
  const { body } = call.response;
  const resultCode = options.codeOf(body);
  const isSigned = call.maker === "proxy" && !isUnsigned(call);
  return whenThere(isSigned ? signOwn(call, options) : call.response, (response) =>
    whenThere(judgeReplaced(call, options.antomKey), (verdict) => ({
      response,
      verdict,
      resultCode,
      signedContent: isSigned ? body : undefined,
      credible: body,
    })),
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
  const { theirs } = call;
  if (theirs === undefined) throw new Error("an answer of the gateway's without what the gateway answered");
  if (!isSignedAgain(call, options)) return leave(call, undefined, options);
  return whenThere(judge(call, theirs, options.antomKey), ({ verdict, vouched }) =>
    vouched && call.content !== undefined ? signAgain(call, call.content, { verdict, ...options }) : leave(call, verdict, options),
  );
}

/** Antom's answer as it is: nothing of the proxy's is put into it. */
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

function judgeReplaced(call: SealCall, antomKey: KeyObject | undefined): Awaitable<SignatureVerdict | undefined> {
  const { theirs } = call;
  if (theirs === undefined || isUnsigned(call)) return undefined;
  return whenThere(judge(call, theirs, antomKey), ({ verdict }) => verdict);
}

function signOwn(call: SealCall, { signer, now, timeAt }: OwnOptions): Awaitable<HttpResponse> {
  const clientId = call.identity.clientId ?? "";
  const time = timeAt(now());
  const head = { method: call.request.method, path: call.request.path, clientId, time };
  return whenThere(signer.signCanned(head, call.response.body), (signature) => withSignature(call.response, clientId, time, signature));
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

/** False for Antom's own three lines, whatever their case, and for every line that an SDK could take for one of them. */
function isUnreserved(name: string, value: string): boolean {
  if (name === "client-id") return false;
  return !RESERVED_WORDS.some((word) => name.includes(word) || value.includes(word));
}
