/** Writes the stand-in's answers: always HTTP 200, JSON, signed in the form that Antom uses. */
import { LRUCache } from "lru-cache";
import type { Signer } from "../antom/signature.ts";
import { responseTime } from "../antom/times.ts";
import { headerValue } from "../http/headers.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import type { Reply } from "./call.ts";

/** An unsigned answer: for callers that were not verified, and for meter.uploadEvent. */
export function plainAnswer(reply: Reply): HttpResponse {
  return answer(Buffer.from(JSON.stringify(reply)), []);
}

/** Signs an answer for the client, path and time of its call (docs.antom.com/ac/ams/digital_signature, 2026-11). */
export type SignAnswer = (request: HttpRequest, reply: Reply, nowMs: number) => Promise<HttpResponse>;

/** Number and longest length (in characters) of cached bodies. A repeated body needs no new signature within the same second. */
const REMEMBERED_BODIES = 1000;
const LONGEST_REMEMBERED = 4096;

/** Returns a function that signs answers with `signer` and reuses the signature of an identical answer within the same second. */
export function createSignAnswer(signer: Signer): SignAnswer {
  const bodies = new LRUCache<string, Buffer>({ max: REMEMBERED_BODIES });
  return async (request, reply, nowMs) => {
    const clientId = headerValue(request.headers, "client-id") ?? "";
    const time = responseTime(nowMs);
    const head = { method: request.method, path: request.path, clientId, time };
    const text = JSON.stringify(reply);
    const known = bodies.get(text);
    const body = known ?? Buffer.from(text);
    if (known === undefined && text.length <= LONGEST_REMEMBERED) bodies.set(text, body);
    const signature = await (known === undefined ? signer.sign(head, body) : signer.signCanned(head, body));
    return answer(body, ["client-id", clientId, "response-time", time, "signature", signature]);
  };
}

function answer(body: Buffer, lines: readonly string[]): HttpResponse {
  const headers = ["content-type", "application/json; charset=UTF-8", ...lines, "content-length", String(body.length)];
  return { status: 200, headers, body };
}
