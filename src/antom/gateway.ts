/** Implements the Gateway port with the parts of antom/. */

import { type MaybePromise, mapMaybePromise } from "../base/maybe-promise.ts";
import { acceptDecodable } from "../http/content.ts";
import type { HttpRequest, RequestHead } from "../http/message.ts";
import { pathnameOf } from "../http/pathname.ts";
import type { FailureKind, Gateway, Identity, SealCall, Sealed } from "../ports/ports.ts";
import { jsonAnswer, resultBody } from "./answer.ts";
import { readApiKey } from "./api-key.ts";
import { operationAtPath } from "./catalogue/operations.ts";
import { judge as judgeCall } from "./guard.ts";
import { uploadOrigin } from "./hosts.ts";
import { isCredible, judge } from "./judge-answer.ts";
import { readMarks } from "./marks.ts";
import { createSessions, makesSession, type Sessions } from "./sessions.ts";
import { createSeal, isSignedAgain, RESERVED_WORDS, type SealOptions } from "./sign-answer.ts";

const FAILURE_STATUS: Readonly<Record<FailureKind, number>> = {
  refused: 502,
  reset: 502,
  tls: 502,
  name: 502,
  "too-large": 502,
  cancelled: 502,
  other: 502,
  timeout: 504,
};

export interface GatewayOptions extends SealOptions {
  /** The clock's steady reading, used to expire sessions. */
  readonly steady: () => number;
}

/** Creates the gateway with these keys. */
export function createGateway(options: GatewayOptions): Gateway {
  const sessions = createSessions(options.steady);
  const seal = createSeal(options);
  return {
    reservedWords: RESERVED_WORDS,
    identify: (head) => identify(head, sessions.knows),
    destination: ({ operation }, upstream) => ({
      origin: operation === "billing.product.uploadImage" ? uploadOrigin(upstream) : upstream,
      // The only route that Antom serves over HTTP/2 only.
      protocol: operation === "meter.uploadEvent" ? "http2" : "http1",
    }),
    refusal: (message) => ownAnswer(403, "ACCESS_DENIED", "F", `antom-fault-proxy refused this call: ${message}`),
    failure: ({ kind, detail }) =>
      ownAnswer(FAILURE_STATUS[kind], "UNKNOWN_EXCEPTION", "U", `antom-fault-proxy got no answer from upstream (${kind}): ${detail}`),
    outgoing: (request, identity, changed) => (isSignedAgain({ identity, changed }, options) ? withDecodable(request) : request),
    seal(call) {
      const sealing = seal(call);
      if (call.maker !== "gateway" || !makesSession(call.identity)) return sealing;
      return mapMaybePromise(sealing, (sealed) => learnSession(sealed, { call, sessions, options }));
    },
  };
}

/** Removes the content codings that the proxy cannot decode, because it could not sign such an answer again. */
function withDecodable(request: HttpRequest): HttpRequest {
  const { method, target, path, authority, body } = request;
  const headers = acceptDecodable(request.headers);
  return headers === request.headers ? request : { method, target, path, authority, headers, body };
}

interface Lesson {
  readonly call: SealCall;
  readonly sessions: Sessions;
  readonly options: SealOptions;
}

/** A trusted session lets later calls pass, so the signature is checked even for answers that are not signed again. */
function learnSession(sealed: Sealed, { call, sessions, options: { antomKey } }: Lesson): MaybePromise<Sealed> {
  const { credible, verdict } = sealed;
  if (credible === undefined || call.theirs === undefined) return sealed;
  return mapMaybePromise(verdict ?? judgeVerdict(call, antomKey), (judged) => {
    if (isCredible(judged, antomKey)) sessions.learn(credible);
    return sealed;
  });
}

/** Identifies a request from the header lines that the gateway will receive; `knowsSession`: whether a sandbox call created the session. */
export function identify(head: RequestHead, knowsSession: (sessionId: string) => boolean): Identity {
  const { path } = head;
  const operation = operationAtPath(pathnameOf(path));
  const marks = readMarks(head.headers);
  const apiKey = marks.authorization === undefined ? undefined : readApiKey(marks.authorization);
  const sandboxSession = marks.sessionId !== undefined && knowsSession(marks.sessionId);
  const standing = judgeCall({ path, operation, marks, apiKey, sandboxSession });
  return { operation: operation?.name, clientId: marks.clientId ?? apiKey?.clientId, apiKey: apiKey?.kind, standing };
}

function judgeVerdict(call: SealCall, antomKey: SealOptions["antomKey"]): MaybePromise<Sealed["verdict"]> {
  return call.theirs === undefined ? undefined : mapMaybePromise(judge(call, call.theirs, antomKey), ({ verdict }) => verdict);
}

function ownAnswer(status: number, code: string, resultStatus: "F" | "U", message: string) {
  return jsonAnswer(resultBody({ code, status: resultStatus, message }), status);
}
