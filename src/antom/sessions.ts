/** The meter sessions created by sandbox calls through this proxy; only the session id separates sandbox from production in `meter/uploadEvent`. */
import { LRUCache } from "lru-cache";
import { memberText } from "../http/member-text.ts";
import type { Identity } from "../ports/ports.ts";

/** Assumed maximum lifetime of a session; Antom does not document it. */
const SESSION_LIFE_MS = 24 * 60 * 60 * 1000;
const MOST_SESSIONS = 10_000;

export interface Sessions {
  /** True when a sandbox `meter.createSession` returned this id. */
  readonly knows: (sessionId: string) => boolean;
  /** Stores the session id in an answer of Antom to `meter.createSession`. */
  readonly learn: (content: Buffer) => void;
}

/** Whether the answer to this call creates a session. */
export function makesSession({ operation, standing }: Identity): boolean {
  return operation === "meter.createSession" && standing.kind === "sandbox";
}

const SESSION_ID: readonly string[] = ["sessionId"];

/** An empty store; `now` is a steady reading in milliseconds. */
export function createSessions(now: () => number): Sessions {
  const sessions = new LRUCache<string, true>({ max: MOST_SESSIONS, ttl: SESSION_LIFE_MS, perf: { now } });
  return {
    knows: (sessionId) => sessions.has(sessionId),
    learn(content) {
      const sessionId = memberText(content, SESSION_ID);
      if (sessionId !== undefined && sessionId !== "") sessions.set(sessionId, true);
    },
  };
}
