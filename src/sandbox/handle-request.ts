/** Handles one request to the stand-in: verify, parse, run the operation, sign. */
import type { KeyObject } from "node:crypto";
import type { Signer } from "../antom/signature.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import type { Reply } from "./call.ts";
import { cashierPage } from "./cashier.ts";
import { implementationOf } from "./implementations.ts";
import { jsonObject } from "./json-object.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";
import { createSignAnswer, plainAnswer } from "./signed-answer.ts";
import { type Accepted, verifyRequest } from "./verify-request.ts";

export interface HandleOptions {
  readonly state: SandboxState;
  readonly signer: Signer;
  /** Undefined: signatures are not verified. */
  readonly merchantKey: KeyObject | undefined;
  readonly now: () => number;
}

/** The response and the values for its log line. */
export interface Handled {
  readonly response: HttpResponse;
  /** The operation's name; `cashier` for the buyer's page; `-` for an unknown operation. */
  readonly operation: string;
  /** `-` for the buyer's page. */
  readonly resultCode: string;
  /** `-` when the call has no client id. */
  readonly clientId: string;
}

/** Creates the request handler; it answers every request. */
export function createRequestHandler(options: HandleOptions): (request: HttpRequest) => Promise<Handled> {
  const { state, merchantKey, now } = options;
  const signAnswer = createSignAnswer(options.signer);
  return async (request) => {
    const nowMs = now();
    const page = cashierPage(request, state, nowMs);
    if (page !== undefined) return { response: page, operation: "cashier", resultCode: "-", clientId: "-" };
    const verified = verifyRequest(request, merchantKey);
    const answered = verified.kind === "accepted" ? act(verified, state, nowMs) : reply(verified, verified.code, {}, verified.detail);
    const response = verified.isSigned ? await signAnswer(request, answered, nowMs) : plainAnswer(answered);
    const { operation, clientId } = verified;
    return { response, operation, resultCode: answered.result.resultCode, clientId: clientId === "" ? "-" : clientId };
  };
}

function act({ operation, clientId, content }: Accepted, state: SandboxState, nowMs: number): Reply {
  const body = jsonObject(content);
  if (body === undefined) return reply({ operation }, "PARAM_ILLEGAL", {}, "The body must be a JSON object.");
  return implementationOf(operation)({ operation, clientId, body, nowMs }, state);
}
