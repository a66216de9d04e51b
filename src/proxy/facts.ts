/** What matchers look at, with the body parsed at most once and only when a rule asks for it. */
import type { HttpRequest } from "../http/message.ts";
import type { Arrival, Identity } from "../ports/ports.ts";
import type { Facts } from "../rules/rule.ts";

/** The facts of one call. */
export function createFacts(request: HttpRequest, identity: Identity, arrival: Arrival, nowMs: number): Facts {
  let parsed: { readonly value: unknown } | undefined;
  return {
    request,
    identity,
    arrival,
    nowMs,
    body() {
      parsed ??= { value: parseJson(request.body) };
      return parsed.value;
    },
    isBodyUnreadable: () => parsed !== undefined && parsed.value === undefined,
  };
}

function parseJson(body: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(body.toString("utf8", startsWithMark(body) ? 3 : 0));
    return value;
  } catch {
    return undefined;
  }
}

/** A byte order mark in UTF-8: no part of the JSON (RFC 8259 §8.1 lets a reader ignore it). */
function startsWithMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}
