/** Antom as the proxy sees it: the one place where the pieces of antom/ become the Gateway port. */

import type { RequestHead } from "../http/message.ts";
import { pathnameOf } from "../http/pathname.ts";
import type { FailureKind, Gateway, Identity } from "../ports.ts";
import { jsonAnswer, resultBody } from "./answer.ts";
import { readApiKey } from "./api-key.ts";
import { operationAtPath } from "./catalogue/operations.ts";
import { judge } from "./guard.ts";
import { uploadOrigin } from "./hosts.ts";
import { readMarks } from "./marks.ts";
import { createSessions } from "./sessions.ts";
import { createSeal, RESERVED_WORDS, type SealOptions } from "./sign-answer.ts";

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
  /** The clock's steady reading: how long a session is remembered. */
  readonly steady: () => number;
}

/** Antom's rules of conduct with these keys. */
export function createGateway(options: GatewayOptions): Gateway {
  const sessions = createSessions(options.steady);
  const seal = createSeal(options);
  return {
    reservedWords: RESERVED_WORDS,
    identify: (head) => identify(head, sessions.knows),
    destination: ({ operation }, upstream) => ({
      origin: operation === "billing.product.uploadImage" ? uploadOrigin(upstream) : upstream,
      // The one route that Antom serves over HTTP/2 only.
      protocol: operation === "meter.uploadEvent" ? "http2" : "http1",
    }),
    refusal: (message) => ownAnswer(403, "ACCESS_DENIED", "F", `antom-fault-proxy refused this call: ${message}`),
    failure: ({ kind, detail }) =>
      ownAnswer(FAILURE_STATUS[kind], "UNKNOWN_EXCEPTION", "U", `antom-fault-proxy got no answer from upstream (${kind}): ${detail}`),
    seal(call) {
      if (call.from === "gateway") sessions.learn(call);
      return seal(call);
    },
  };
}

/** What the request is, all of it judged by the header lines that the gateway gets; `knowsSession`: whether a sandbox call made the session. */
export function identify(head: RequestHead, knowsSession: (sessionId: string) => boolean): Identity {
  const { path } = head;
  const operation = operationAtPath(pathnameOf(path));
  const marks = readMarks(head.headers);
  const apiKey = marks.authorization === undefined ? undefined : readApiKey(marks.authorization);
  const sandboxSession = marks.sessionId !== undefined && knowsSession(marks.sessionId);
  const standing = judge({ path, operation, marks, apiKey, sandboxSession });
  return { operation: operation?.name, clientId: marks.clientId ?? apiKey?.clientId, apiKey: apiKey?.kind, standing };
}

function ownAnswer(status: number, code: string, resultStatus: "F" | "U", message: string) {
  return jsonAnswer(resultBody({ code, status: resultStatus, message }), status);
}
