/** What matchers look at, with the body parsed at most once and only when a rule asks for it. */
import type { HttpRequest } from "../http/message.ts";
import type { Arrival, Identity } from "../ports.ts";
import type { Facts } from "../rules/rule.ts";

/** The facts of one call. */
export function createFacts(request: HttpRequest, identity: Identity, arrival: Arrival, nowMs: number): Facts {
  let parsed: { value: unknown } | undefined;
  return {
    request,
    identity,
    arrival,
    nowMs,
    body() {
      parsed ??= { value: parseJson(request.body) };
      return parsed.value;
    },
  };
}

function parseJson(body: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return value;
  } catch {
    return undefined;
  }
}
