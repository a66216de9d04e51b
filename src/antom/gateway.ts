/** Antom as the proxy sees it: the one place where the pieces of antom/ become the Gateway port. */

import { headerValue, headerValues } from "../http/headers.ts";
import { isNominated } from "../http/hop-by-hop.ts";
import type { RequestHead } from "../http/message.ts";
import { pathnameOf } from "../http/pathname.ts";
import type { FailureKind, Gateway, Identity } from "../ports.ts";
import { jsonAnswer, resultBody } from "./answer.ts";
import { operationAtPath } from "./catalogue/operations.ts";
import { judge } from "./guard.ts";
import { uploadOrigin } from "./hosts.ts";
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

/** Antom's rules of conduct with these keys. */
export function createGateway(options: SealOptions): Gateway {
  const sessions = createSessions(options.now);
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

function identify(head: RequestHead, knowsSession: (sessionId: string) => boolean): Identity {
  const operation = operationAtPath(pathnameOf(head.path));
  // What is judged must be what the gateway gets.
  const clientIds = isNominated(head.headers, "client-id") ? [] : headerValues(head.headers, "client-id");
  const sessionId = headerValue(head.headers, "x-session-id");
  const sandboxSession = sessionId !== undefined && knowsSession(sessionId);
  const standing = judge({ path: head.path, operation, clientIds, sandboxSession });
  return { operation: operation?.name, clientId: clientIds[0], standing };
}

function ownAnswer(status: number, code: string, resultStatus: "F" | "U", message: string) {
  return jsonAnswer(resultBody({ code, status: resultStatus, message }), status);
}
