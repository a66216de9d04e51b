/** Who holds the token: a bearer header, or the cookie of a session that was opened with it on the login page. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { LRUCache } from "lru-cache";

export interface Sessions {
  /** The `Set-Cookie` value of a new session; undefined when `token` is wrong. */
  open(token: string): string | undefined;
  /** Ends the session of this `Cookie` header, if it names one. Gives the `Set-Cookie` value that makes the browser forget it. */
  close(cookie: string | undefined): string;
  /** `held` where one of the two request headers proves the token, or none is set; `wrong` where a token was sent and is not the right one. */
  judge(authorization: string | undefined, cookie: string | undefined): TokenVerdict;
}

export type TokenVerdict = "held" | "missing" | "wrong";

const COOKIE = "antom_fault_proxy_session";
/** Past this many the session that was not used for longest is closed. */
const SESSIONS = 100;

/** Creates the sessions of one admin server; they end with it. */
export function createSessions(token: string | undefined): Sessions {
  const ids = new LRUCache<string, true>({ max: SESSIONS });
  const isToken = (candidate: string): boolean => token !== undefined && sameText(candidate, token);
  return {
    open(candidate) {
      if (!isToken(candidate)) return undefined;
      const id = randomBytes(32).toString("base64url");
      ids.set(id, true);
      return `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Strict`;
    },
    close(cookie) {
      const id = sessionId(cookie);
      if (id !== undefined) ids.delete(id);
      return `${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;
    },
    judge(authorization, cookie) {
      if (token === undefined) return "held";
      const bearer = bearerOf(authorization);
      if (ids.get(sessionId(cookie) ?? "") === true || (bearer !== undefined && isToken(bearer))) return "held";
      return bearer === undefined ? "missing" : "wrong";
    },
  };
}

function bearerOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}

function sessionId(cookie: string | undefined): string | undefined {
  for (const part of (cookie ?? "").split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === COOKIE) return value;
  }
  return undefined;
}

/** Compares without telling, by its time, how much is right: both sides are hashed to one length first. */
function sameText(left: string, right: string): boolean {
  return timingSafeEqual(createHash("sha256").update(left).digest(), createHash("sha256").update(right).digest());
}
