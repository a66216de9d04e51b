/** The stand-in's answers on the wire: always HTTP 200, JSON, signed in Antom's one safe form. */
import { LRUCache } from "lru-cache";
import type { Signer } from "../antom/signature.ts";
import { responseTime } from "../antom/times.ts";
import { headerValue } from "../http/headers.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import type { Reply } from "./call.ts";

/** The answer without a signature: to a caller that was not verified, and to meter.uploadEvent. */
export function plainAnswer(reply: Reply): HttpResponse {
  return answer(Buffer.from(JSON.stringify(reply)), []);
}

/** Answers signed for the client, path and time of their call (docs.antom.com/ac/ams/digital_signature, 2026-11). */
export type SignAnswer = (request: HttpRequest, reply: Reply, nowMs: number) => Promise<HttpResponse>;

/** Bodies remembered, so that asking again within the second costs no signature; long ones are not worth their memory. */
const REMEMBERED_BODIES = 1000;
const LONGEST_REMEMBERED = 4096;

/** Builds the signing of answers with `signer`; an answer given before is not signed anew within its second. */
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
