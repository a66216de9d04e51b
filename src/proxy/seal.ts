/** Makes the answer that goes out: the gateway's, the rule's or the proxy's own, marked, signed, and spoilt where a rule asks for it. */
import { type MaybePromise, mapMaybePromise } from "../base/maybe-promise.ts";
import type { ContentOf } from "../http/content.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import type { Gateway, GatewayAnswer, Sealed } from "../ports/ports.ts";
import type { Ledger } from "../rules/ledger.ts";
import type { Passing } from "./call.ts";
import { type MadeAnswer, makeAnswer, ownAnswer } from "./make-answer.ts";
import { mark } from "./markers.ts";
import type { Sorted } from "./sort-effects.ts";

export interface SealParts {
  readonly contentOf: ContentOf;
  readonly gateway: Pick<Gateway, "reservedWords" | "refusal" | "failure" | "seal">;
  /** Learns from answers which payment belongs to which request. */
  readonly ledger: Pick<Ledger, "observeAnswer">;
}

/** Stage: the answer, ready to go out. */
export function seal(passing: Passing, parts: SealParts): Promise<void> | undefined {
  return passing.isAnswered ? sealAnswer(passing, parts) : undefined;
}

async function sealAnswer(passing: Passing, parts: SealParts): Promise<void> {
  const { call, firing, effects, outgoing: request } = passing;
  const { identity, upstreamResponse } = call;
  const theirs = upstreamResponse === undefined ? undefined : await answerOf(upstreamResponse, parts.contentOf);
  const { response, content, maker } = answerTo(passing, theirs, parts);
  const sealing = parts.gateway.seal({ request, identity, response, content, maker, theirs, changed: firing !== undefined });
  const tampering = effects.tamper.length === 0 ? sealing : tamperWith(sealing, request, effects.tamper);
  const sealed = tampering instanceof Promise ? await tampering : tampering;
  call.response = sealed.response;
  call.resultCode = sealed.resultCode;
  call.verdict = sealed.verdict;
  if (passing.lane === "exchange" && sealed.credible !== undefined) parts.ledger.observeAnswer(call.request, sealed.credible);
}

function answerOf(response: HttpResponse, contentOf: ContentOf): MaybePromise<GatewayAnswer> {
  return mapMaybePromise(contentOf(response), (content) => ({ response, content }));
}

/** Not yet sealed. What the proxy did not forward as it came carries a mark. */
function answerTo(passing: Passing, theirs: GatewayAnswer | undefined, { gateway }: SealParts): MadeAnswer {
  const { call, effects, refusalMessage } = passing;
  if (call.refusal === "upgrade-body") return ownAnswer(badRequest(refusalMessage), "intermediary");
  const made =
    passing.lane === "refused"
      ? ownAnswer(gateway.refusal(refusalMessage), "proxy")
      : makeAnswer(effects, theirs, call.failure === undefined ? undefined : gateway.failure(call.failure));
  const response = call.outcome === "forwarded" ? made.response : mark(made.response, call.outcome, call.rule?.name, gateway.reservedWords);
  // What was sent to production is answered by production alone: the proxy signs nothing in its name.
  const isProduction = passing.lane === "stream" && call.identity.standing.kind === "production";
  return { response, content: made.content, maker: isProduction ? "intermediary" : made.maker };
}

function badRequest(message: string): HttpResponse {
  return { status: 400, headers: ["content-type", "text/plain; charset=utf-8"], body: Buffer.from(`${message}\n`) };
}

/** What the proxy did not sign is not its to spoil: without its signature line it could pass for an unsigned answer that an SDK accepts. */
async function tamperWith(sealing: MaybePromise<Sealed>, request: HttpRequest, tamper: Sorted["tamper"]): Promise<Sealed> {
  const sealed = await sealing;
  const { signedContent } = sealed;
  if (signedContent === undefined) return sealed;
  let spoiled = sealed.response;
  for (const { spoil } of tamper) spoiled = await spoil(spoiled, { request, signedContent });
  return { ...sealed, response: spoiled };
}
