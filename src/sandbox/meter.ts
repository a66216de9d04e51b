/** meter.createSession and meter.uploadEvent: a signed call opens a session, and events then come with its id alone. */
import { responseTime } from "../antom/times.ts";
import type { Call, Reply } from "./call.ts";
import type { Desk } from "./desk.ts";
import { reply } from "./reply.ts";

/** How long the session says it lives; Antom's real figure is not documented, and nothing here expires. */
const SESSION_LIFE_MS = 60 * 60 * 1000;

/** A new session. */
export function createMeterSession(call: Call, desk: Desk): Reply {
  return reply(call, "SUCCESS", {
    sessionId: desk.newId(call.nowMs),
    sessionExpiryTime: responseTime(call.nowMs + SESSION_LIFE_MS),
  });
}

/** Takes the events and forgets them; whether the session's id is there was seen to before. */
export function uploadEvent(call: Call): Reply {
  return reply(call, "SUCCESS");
}
