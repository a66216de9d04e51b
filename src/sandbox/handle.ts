/** One call to the stand-in from request to answer: check, read, act, sign. Knows no sockets. */
import type { KeyObject } from "node:crypto";
import type { Signer } from "../antom/signature.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import { createSignAnswer, plainAnswer } from "./answer.ts";
import type { Reply } from "./call.ts";
import { cashierPage } from "./cashier.ts";
import type { Desk } from "./desk.ts";
import { jsonObject } from "./json-object.ts";
import { operateAs } from "./operations.ts";
import { reply } from "./reply.ts";
import { type Accepted, verifyRequest } from "./verify-request.ts";

export interface HandleOptions {
  readonly desk: Desk;
  readonly signer: Signer;
  /** Undefined: callers' signatures are not verified. */
  readonly merchantKey: KeyObject | undefined;
  readonly now: () => number;
}

/** What was answered, with what a log line needs to say so. */
export interface Handled {
  readonly response: HttpResponse;
  /** The operation's name, `cashier` for the buyer's page, `-` for a call that names no operation. */
  readonly operation: string;
  /** `-` for the buyer's page. */
  readonly resultCode: string;
  /** `-` where the call names no client. */
  readonly clientId: string;
}

/** Builds the function that answers every request, whatever is in it. */
export function createHandle(options: HandleOptions): (request: HttpRequest) => Promise<Handled> {
  const { desk, merchantKey, now } = options;
  const signAnswer = createSignAnswer(options.signer);
  return async (request) => {
    const nowMs = now();
    const page = cashierPage(request, desk, nowMs);
    if (page !== undefined) return { response: page, operation: "cashier", resultCode: "-", clientId: "-" };
    const verified = verifyRequest(request, merchantKey);
    const answered = verified.kind === "accepted" ? act(verified, desk, nowMs) : reply(verified, verified.code, {}, verified.detail);
    const response = verified.isSigned ? await signAnswer(request, answered, nowMs) : plainAnswer(answered);
    const { operation, clientId } = verified;
    return { response, operation, resultCode: answered.result.resultCode, clientId: clientId === "" ? "-" : clientId };
  };
}

function act({ operation, clientId, content }: Accepted, desk: Desk, nowMs: number): Reply {
  const body = jsonObject(content);
  if (body === undefined) return reply({ operation }, "PARAM_ILLEGAL", {}, "The body must be a JSON object.");
  return operateAs(operation)({ operation, clientId, body, nowMs }, desk);
}
