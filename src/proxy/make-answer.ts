/** The answer that goes out, not yet signed, and who made it: no change by a fault makes the gateway's answer the proxy's. */
import type { Effect } from "../faults/fault.ts";
import { dropHeaders, nameSet } from "../http/headers.ts";
import type { HttpResponse } from "../http/message.ts";
import type { GatewayAnswer, Maker } from "../ports/ports.ts";

/** The effects that have to do with the answer before it is signed. */
export interface Making {
  readonly make: Extract<Effect, { kind: "make" }> | undefined;
  readonly change: readonly Extract<Effect, { kind: "change" }>[];
}

/** An answer and where it comes from. */
export interface MadeAnswer {
  readonly response: HttpResponse;
  /** Its body with the content coding undone; undefined where that cannot be done. */
  readonly content: Buffer | undefined;
  readonly maker: Maker;
}

/** `failure`: the proxy's own word that the gateway gave no answer, which no fault replaces. Throws where there is nothing to answer with. */
export function makeAnswer({ make, change }: Making, theirs: GatewayAnswer | undefined, failure: HttpResponse | undefined): MadeAnswer {
  if (failure !== undefined) return ownAnswer(failure, "proxy");
  if (make !== undefined) return changed(ownAnswer(make.make(theirs?.response.headers), make.signed ? "proxy" : "intermediary"), change);
  if (theirs === undefined) throw new Error("a rule neither called upstream nor made an answer");
  return changed({ response: theirs.response, content: theirs.content, maker: "gateway" }, change);
}

/** An answer of the proxy's making, which has no content coding to undo. */
export function ownAnswer(response: HttpResponse, maker: Maker): MadeAnswer {
  return { response, content: response.body, maker };
}

/** What a change gives is never coded, unless it could not be read before. */
function changed(made: MadeAnswer, changes: Making["change"]): MadeAnswer {
  if (changes.length === 0) return made;
  let response = withoutCoding(made);
  for (const { change } of changes) response = change(response);
  return { response, content: made.content === undefined ? undefined : response.body, maker: made.maker };
}

const ABOUT_THE_CODING = nameSet(["content-encoding", "content-length"]);

function withoutCoding({ response, content }: MadeAnswer): HttpResponse {
  if (content === undefined || content === response.body) return response;
  return { status: response.status, headers: dropHeaders(response.headers, ABOUT_THE_CODING), body: content };
}
