/** The meter sessions that sandbox calls made through this proxy: `meter/uploadEvent` carries nothing else that tells sandbox from production. */
import { LRUCache } from "lru-cache";
import type { SealCall } from "../ports.ts";

/** A session's longest assumed life; its real one is not documented. */
const SESSION_LIFE_MS = 24 * 60 * 60 * 1000;
const MOST_SESSIONS = 10_000;

export interface Sessions {
  /** True when a sandbox `meter.createSession` answered with this id. */
  readonly knows: (sessionId: string) => boolean;
  /** Remembers the session id of a forwarded `meter.createSession` answer; ignores every other call. */
  readonly learn: (call: SealCall) => void;
}

/** An empty memory; `now` is a steady reading in milliseconds. */
export function createSessions(now: () => number): Sessions {
  const sessions = new LRUCache<string, true>({ max: MOST_SESSIONS, ttl: SESSION_LIFE_MS, perf: { now } });
  return {
    knows: (sessionId) => sessions.has(sessionId),
    learn(call) {
      if (call.identity.operation !== "meter.createSession" || call.identity.standing.kind !== "sandbox") return;
      const found = /"sessionId"\s*:\s*"([^"\\]+)"/.exec(call.response.body.toString("utf8"));
      if (found?.[1] !== undefined) sessions.set(found[1], true);
    },
  };
}
