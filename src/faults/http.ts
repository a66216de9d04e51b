/**
 * The fault `http`: an answer of a load balancer or an unavailable gateway instead of a business answer.
 *
 * It is unsigned, like such answers (`signed: true` signs it). Behaviour of the official SDKs: every status except 200
 * is a transport error in Java (the body is in the IOException), Python, PHP (null, "HttpRpcResult is null.") and .NET; Go ignores the status
 * and reports the missing signature instead; it accepts a signed 500 with a `result` as a result.
 */
import { z } from "zod";
import { FRAMING } from "../http/hop-by-hop.ts";
import type { HttpResponse } from "../http/message.ts";
import { defineFault, type Effect, type Fault, type FaultKind, type Mistake } from "./fault.ts";
import { keyed } from "./mistakes.ts";

const status = z.int().min(200).max(599).meta({ description: "HTTP status, 200 to 599" });
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: () => "a header name has letters, digits and hyphens; write it without `:`" });
const headerValue = z
  .string()
  .regex(/^[\t\x20-\x7e]*$/, { error: () => "a header value is one line of ASCII text; remove other characters" });

const written = z.union([
  status,
  keyed({
    status,
    headers: z.record(headerName, headerValue).optional(),
    body: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .meta({ description: "text, or a mapping that is sent as JSON" }),
    signed: z.boolean().optional().meta({ description: "true: signed like the gateway's own answer" }),
  }),
]);

export const httpFault: FaultKind = defineFault({
  key: "http",
  schema: written,
  compile(value) {
    const wanted = typeof value === "number" ? { status: value } : value;
    const mistakes = findFraming(wanted.headers ?? {});
    if (mistakes.length > 0) return { kind: "bad", mistakes };
    const made = makeAnswer(wanted);
    const effects: readonly Effect[] = [{ kind: "make", signed: wanted.signed === true, make: () => made }];
    const fault: Fault = {
      kind: "http",
      summary: `answers HTTP ${wanted.status}`,
      answer: "makes",
      meaning: wanted,
      effects: () => effects,
    };
    return { kind: "ok", value: fault };
  },
});

interface Wanted {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Readonly<Record<string, unknown>> | undefined;
}

function makeAnswer({ status, headers = {}, body }: Wanted): HttpResponse {
  const text = typeof body === "object" ? JSON.stringify(body) : (body ?? `${status} ${reasonOf(status)}\n`);
  const lines = Object.entries(headers);
  if (!lines.some(([name]) => name.toLowerCase() === "content-type")) {
    lines.unshift(["content-type", typeof body === "object" ? "application/json; charset=UTF-8" : "text/plain; charset=UTF-8"]);
  }
  return { status, headers: lines.flat(), body: Buffer.from(hasNoBody(status) ? "" : text) };
}

/** Refuses framing headers: parsers disagree about a message with two framings. */
function findFraming(headers: Readonly<Record<string, string>>): Mistake[] {
  return Object.keys(headers)
    .filter((name) => FRAMING.has(name))
    .map((name) => ({
      path: ["headers", name],
      at: "key",
      message: `\`${name}\` belongs to the connection, and the proxy writes it`,
      remedy: "remove it; `abort` cuts an answer off, `throttle` slows it down",
    }));
}

/** RFC 9110 §6.4.1. */
function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

function reasonOf(status: number): string {
  const reasons: Readonly<Record<number, string>> = {
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
  };
  return reasons[status] ?? (status < 400 ? "OK" : "Error");
}
