/** The meter sessions that sandbox calls made through this proxy: `meter/uploadEvent` carries nothing else that tells sandbox from production. */
import { LRUCache } from "lru-cache";
import { memberText } from "../http/member-text.ts";
import type { Identity } from "../ports/ports.ts";

/** A session's longest assumed life; its real one is not documented. */
const SESSION_LIFE_MS = 24 * 60 * 60 * 1000;
const MOST_SESSIONS = 10_000;

export interface Sessions {
  /** True when a sandbox `meter.createSession` answered with this id. */
  readonly knows: (sessionId: string) => boolean;
  /** Remembers the session id in the content of an answer of Antom's to `meter.createSession`. */
  readonly learn: (content: Buffer) => void;
}

/** Whether the answer to this call makes a session known. */
export function makesSession({ operation, standing }: Identity): boolean {
  return operation === "meter.createSession" && standing.kind === "sandbox";
}

const SESSION_ID: readonly string[] = ["sessionId"];

/** An empty memory; `now` is a steady reading in milliseconds. */
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
