/** The guard: says from path and client id, never from the host, whether a call is a sandbox call. Production shares the sandbox's hosts. */
import { pathnameOf } from "../http/pathname.ts";
import type { Standing } from "../ports.ts";
import type { Operation } from "./catalogue/operations.ts";

/** What the guard looks at. */
export interface GuardQuestion {
  /** Path and query as the client sent them. */
  readonly path: string;
  /** The operation at that path; undefined for a path that the catalogue does not know. */
  readonly operation: Pick<Operation, "name" | "plainPathInSandbox"> | undefined;
  /** Every `client-id` header value, in order. */
  readonly clientIds: readonly string[];
  /** True when `X-Session-Id` names a session that a sandbox call made through this proxy. */
  readonly sandboxSession: boolean;
}

/** Carries no client id, only the id of a session that an earlier signed call made. */
const SESSION_CALL = "meter.uploadEvent";

const SANDBOX: Standing = { kind: "sandbox" };
const PRODUCTION: Standing = { kind: "production" };

/** Sandbox, production (a real one, by path and client id) or refused with the reason and what would be right. */
export function judge(question: GuardQuestion): Standing {
  const { path, operation, clientIds } = question;
  const odd = oddSpelling(path, clientIds);
  if (odd !== undefined) return odd;
  const clientId = clientIds[0] ?? "";
  const sandboxClient = clientId.startsWith("SANDBOX_");
  if (path.startsWith("/ams/sandbox/api/")) return sandboxClient ? SANDBOX : wrongClient(clientId);
  if (!path.startsWith("/ams/")) return refused("path", "the path is not one of Antom's: they begin with `/ams/`");
  if (operation?.name === SESSION_CALL) return judgeSessionCall(question, sandboxClient);
  if (!sandboxClient) return PRODUCTION;
  if (operation?.plainPathInSandbox !== undefined) return SANDBOX;
  return refused("path", "the client id is a sandbox one, but the path is a production path: `/ams/api/…` must be `/ams/sandbox/api/…`");
}

/** A spelling that the gateway might read otherwise than this guard does. */
function oddSpelling(path: string, clientIds: readonly string[]): Standing | undefined {
  if (isTwisted(path))
    return refused(
      "path",
      "the path holds dot segments, backslashes, encoded separators or malformed escapes, which could lead to production",
    );
  if (clientIds.length > 1 && new Set(clientIds).size > 1) return refused("client-id", "the call carries more than one `client-id`");
  if (/[^\x21-\x7e]|,/.test(clientIds[0] ?? ""))
    return refused("client-id", "the `client-id` holds a comma, a space or another character that no id has");
  return undefined;
}

function judgeSessionCall(question: GuardQuestion, sandboxClient: boolean): Standing {
  if (sandboxClient || question.sandboxSession) return SANDBOX;
  if (question.clientIds.length > 0) return PRODUCTION;
  return refused(
    "session",
    "the `X-Session-Id` was not made by a sandbox `meter.createSession` call through this proxy: make the session through it first",
  );
}

function wrongClient(clientId: string): Standing {
  if (clientId === "") return refused("client-id", "the call has no `client-id` header: a sandbox client id begins with `SANDBOX_`");
  return refused("client-id", "the path is a sandbox path, but the `client-id` does not begin with `SANDBOX_`");
}

function isTwisted(path: string): boolean {
  const pathname = pathnameOf(path);
  if (pathname.includes("%") && !isCleanlyEncoded(pathname)) return true;
  if (/[\\#]|%(?:2e|2f|5c|25|23|3f|00)/i.test(pathname)) return true;
  return /(?:^|\/)\.{1,2}(?:\/|$|;)/.test(pathname);
}

/** False for escapes that readers understand differently: overlong or broken UTF-8 (`%c0%ae` for a dot), `%u002e`, control characters. */
function isCleanlyEncoded(pathname: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(pathname));
  } catch {
    return false;
  }
}

function refused(reason: string, message: string): Standing {
  return { kind: "refused", reason, message };
}
