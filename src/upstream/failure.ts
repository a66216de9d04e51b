/** Maps the errors of sockets, TLS and undici to the kinds of failure in the UpstreamFailure type. */
import { codeOf } from "../base/error-code.ts";
import type { FailureKind, UpstreamFailure } from "../ports/ports.ts";

const KINDS: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  EADDRNOTAVAIL: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ECONNABORTED: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_CLOSED: "reset",
  UND_ERR_DESTROYED: "reset",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  ENOTFOUND: "name",
  EAI_AGAIN: "name",
  UND_ERR_ABORTED: "cancelled",
  ABORT_ERR: "cancelled",
  EPROTO: "tls",
  UND_ERR_PRX_TLS: "tls",
  ELOOP: "refused",
  UND_ERR_HEADERS_OVERFLOW: "too-large",
  HPE_HEADER_OVERFLOW: "too-large",
};

const TLS_CODE = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|CRL_|INVALID_CA)/;

/** Classifies an error by its innermost known code (an AggregateError of several addresses by its first). */
export function describeFailure(error: unknown): UpstreamFailure {
  for (const cause of causes(error)) {
    const code = codeOf(cause);
    const kind = code === undefined ? undefined : (KINDS[code] ?? (TLS_CODE.test(code) ? "tls" : undefined));
    if (kind !== undefined) return { kind, detail: detailOf(cause, code) };
  }
  return { kind: "other", detail: detailOf(error, codeOf(error)) };
}

/** An Error with a `code`, so that `describeFailure` can classify it. */
export function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** The error, then its causes, innermost last; cycles and depth are bounded. */
function* causes(error: unknown): Generator<unknown> {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    yield current;
    if (current instanceof AggregateError) yield* current.errors.slice(0, 1);
    current = current.cause;
  }
}

function detailOf(error: unknown, code: string | undefined): string {
  const message = error instanceof Error ? error.message : String(error);
  return message === "" ? (code ?? "unknown error") : message;
}
