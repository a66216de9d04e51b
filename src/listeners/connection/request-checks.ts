/** Checks that node:http's strict parser lacks and a proxy needs: it refuses requests that two servers could read differently (RFC 9112 §3.2, §6.1, §11.2). */
import { type IncomingMessage, METHODS } from "node:http";
import { headerValues } from "../../http/headers.ts";

/** Why a request is rejected, with its status; the connection must be closed after it. */
export interface Rejection {
  readonly status: number;
  readonly reason: string;
}

const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

/** HTTP/1 and HTTP/2 accept the same methods, those that node:http parses (RFC 9110 §15.6.2); another token could be a shell command. */
export function methodRejection(method: string): Rejection | undefined {
  return KNOWN_METHODS.has(method) ? undefined : { status: 501, reason: "unknown method" };
}

/** undefined: the request is valid. Conflicting lengths, bad chunks, folded lines and bare line feeds are already refused by the parser. */
export function rejectionOf(request: IncomingMessage): Rejection | undefined {
  if (request.httpVersionMajor !== 1 || request.httpVersionMinor > 1)
    return { status: 505, reason: "only HTTP/1.0, HTTP/1.1 and HTTP/2 are supported" };
  return (
    methodRejection(request.method ?? "") ??
    hostRejection(request) ??
    expectRejection(request) ??
    codingRejection(request) ??
    targetRejection(request)
  );
}

function hostRejection({ rawHeaders, httpVersionMinor }: IncomingMessage): Rejection | undefined {
  const hosts = headerValues(rawHeaders, "host").length;
  if (hosts > 1) return { status: 400, reason: "more than one Host line" };
  return hosts === 0 && httpVersionMinor === 1 ? { status: 400, reason: "no Host line" } : undefined;
}

/** RFC 9110 §10.1.1: an expectation in an HTTP/1.0 request is ignored. */
function expectRejection({ headers, httpVersionMinor }: IncomingMessage): Rejection | undefined {
  if (headers.expect === undefined || httpVersionMinor === 0 || /^100-continue$/i.test(headers.expect.trim())) return undefined;
  return { status: 417, reason: "an expectation other than 100-continue" };
}

function codingRejection(request: IncomingMessage): Rejection | undefined {
  const coding = request.headers["transfer-encoding"];
  if (coding === undefined) return undefined;
  if (request.httpVersionMinor === 0) return { status: 400, reason: "Transfer-Encoding in an HTTP/1.0 request" };
  if (coding.trim().toLowerCase() === "chunked") return undefined;
  return { status: 501, reason: "a transfer coding other than chunked" };
}

function targetRejection(request: IncomingMessage): Rejection | undefined {
  const target = request.url ?? "";
  if (target.startsWith("/") || /^https?:\/\/[^/?#]/i.test(target)) return undefined;
  if (target === "*" && request.method === "OPTIONS") return undefined;
  return { status: 400, reason: "the request target is neither a path nor an http or https URL" };
}
