/** Decides from path, client id, API key and session whether a call is a sandbox call. The host is ignored: production shares the sandbox's hosts. */
import { pathnameOf } from "../http/pathname.ts";
import type { RefusalReason, Standing } from "../ports/ports.ts";
import type { ApiKey } from "./api-key.ts";
import type { Operation } from "./catalogue/operations.ts";
import type { Marks } from "./marks.ts";

/** The inputs of the guard. */
export interface GuardQuestion {
  /** Path and query as the client sent them. */
  readonly path: string;
  /** The operation at that path; undefined for a path outside the catalogue. */
  readonly operation: Pick<Operation, "name" | "path" | "plainPathInSandbox"> | undefined;
  readonly marks: Marks;
  /** The API key in `marks.authorization`; undefined when missing or unreadable. */
  readonly apiKey: ApiKey | undefined;
  /** True when `X-Session-Id` names a session that a sandbox call created through this proxy. */
  readonly sandboxSession: boolean;
}

/** The environment that one mark belongs to; undefined when the call lacks the mark. */
type Side = "sandbox" | "production" | undefined;

/** Carries no client id, only the session id of an earlier signed call. */
const SESSION_CALL = "meter.uploadEvent";
const SESSION_PATH = /\/meter\/uploadEvent$/i;

const SANDBOX: Standing = { kind: "sandbox" };
const PRODUCTION: Standing = { kind: "production" };

/** Decides between sandbox, production (all marks agree on it) and refused, with reason and remedy. */
export function judge(question: GuardQuestion): Standing {
  const { path, marks, apiKey } = question;
  const unfit = oddPath(path) ?? oddMarks(marks, apiKey);
  if (unfit !== undefined) return unfit;
  const caller = sideOfClient(marks.clientId) ?? sideOfKey(apiKey);
  if (apiKey !== undefined && caller !== sideOfKey(apiKey)) {
    return refused("client-id", "the `client-id` and the API key do not agree: one is for the sandbox, the other for production");
  }
  if (path.startsWith("/ams/sandbox/api/")) return judgeSandboxPath(question, caller);
  return path.startsWith("/ams/") ? judgePlainPath(question, caller) : foreignPath(path);
}

function judgePlainPath(question: GuardQuestion, caller: Side): Standing {
  if (question.operation?.name === SESSION_CALL) return judgeSession(question, caller);
  if (caller !== "sandbox") return PRODUCTION;
  if (keepsPlainPath(question)) return SANDBOX;
  const mark = question.marks.clientId === undefined ? "API key" : "client id";
  return refused("path", `the ${mark} is a sandbox one, but the path is a production path: \`/ams/api/…\` must be \`/ams/sandbox/api/…\``);
}

/** Refuses paths that servers may parse differently: escapes, parameters, backslashes or dot segments. No API of Antom uses them. */
function oddPath(path: string): Standing | undefined {
  const pathname = pathnameOf(path);
  if (/^[A-Za-z0-9._~!$&'()*+,=:@/-]*$/.test(pathname) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(pathname)) return undefined;
  return refused(
    "path",
    "the path holds dot segments, escapes (`%`), `;`, backslashes or characters outside ASCII, which could lead to production: send Antom's path as it is published",
  );
}

/** Refuses marks that the gateway might parse differently from this guard. */
function oddMarks(marks: Marks, apiKey: ApiKey | undefined): Standing | undefined {
  const { repeated, nominated, rewriting, clientId, authorization } = marks;
  if (repeated !== undefined) return refused(repeated, `the call has more than one \`${repeated}\` line: send one`);
  if (nominated !== undefined) {
    return refused(nominated, `a \`Connection\` line names \`${nominated}\`, which would not reach the gateway: take it out of that line`);
  }
  if (rewriting !== undefined) return refused("path", `the header \`${rewriting}\` names another path: leave it out`);
  if (/[^\x21-\x7e]|,/.test(clientId ?? "")) {
    return refused("client-id", "the `client-id` holds a comma, a space or another character that no id has");
  }
  if (authorization !== undefined && apiKey === undefined) {
    const forms = "`Bearer isak_TEST_…` or `Bearer irak_TEST_…`";
    return refused(
      "api-key",
      `the \`Authorization\` line is not an API key of Antom's sandbox (${forms}): send such a key, or no such line`,
    );
  }
  return undefined;
}

function sideOfClient(clientId: string | undefined): Side {
  if (clientId === undefined) return undefined;
  return clientId.startsWith("SANDBOX_") ? "sandbox" : "production";
}

function sideOfKey(apiKey: ApiKey | undefined): Side {
  if (apiKey === undefined) return undefined;
  return apiKey.kind === "test" ? "sandbox" : "production";
}

function judgeSandboxPath(question: GuardQuestion, caller: Side): Standing {
  if (caller === "sandbox") return SESSION_PATH.test(pathnameOf(question.path)) ? judgeSession(question, caller) : SANDBOX;
  if (caller === undefined) {
    return refused(
      "client-id",
      "the call has neither a `client-id` nor an API key: a sandbox client id begins with `SANDBOX_`, a key with `isak_TEST_` or `irak_TEST_`",
    );
  }
  if (question.apiKey !== undefined)
    return refused("api-key", "the path is a sandbox path, but the API key is for production: use a TEST key");
  return refused("client-id", "the path is a sandbox path, but the `client-id` does not begin with `SANDBOX_`");
}

function judgeSession({ marks, sandboxSession }: GuardQuestion, caller: Side): Standing {
  if (marks.sessionId === undefined && caller !== undefined) return caller === "sandbox" ? SANDBOX : PRODUCTION;
  if (!sandboxSession) return caller === "production" ? PRODUCTION : unknownSession();
  if (caller !== "production") return SANDBOX;
  return refused("session", "the `X-Session-Id` is of a sandbox session, but the `client-id` or API key is for production");
}

function unknownSession(): Standing {
  return refused(
    "session",
    "the `X-Session-Id` was not made by a sandbox `meter.createSession` call through this proxy: make the session through it first",
  );
}

/** API-key clients choose the path by their key, if it contains `/api`; Java's RSA client leaves a few other paths unchanged. */
function keepsPlainPath({ operation, apiKey, path }: GuardQuestion): boolean {
  const plain = operation?.plainPathInSandbox;
  if (plain === undefined || operation?.path !== pathnameOf(path)) return false;
  return apiKey === undefined || plain === "all";
}

function foreignPath(path: string): Standing {
  if (/^\/openapi\/v2(?:[/?]|$)/i.test(path)) {
    return refused(
      "path",
      "`/openapi/v2` is Antom's v2 API, which this proxy does not support: call the v1 API at `/ams/sandbox/api/v1/…`",
    );
  }
  return refused("path", "the path is not one of Antom's: they begin with `/ams/`");
}

function refused(reason: RefusalReason, message: string): Standing {
  return { kind: "refused", reason, message };
}
