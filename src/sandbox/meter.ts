/** meter.createSession and meter.uploadEvent: a signed call opens a session; events carry only the session's id. */
import { responseTime } from "../antom/times.ts";
import type { Reply, SandboxCall } from "./call.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";

/** The session lifetime in the answer. Antom's value is not documented, and sessions never expire here. */
const SESSION_LIFE_MS = 60 * 60 * 1000;

/** Creates a session. */
export function createMeterSession(call: SandboxCall, state: SandboxState): Reply {
  return reply(call, "SUCCESS", {
    sessionId: state.newId(call.nowMs),
    sessionExpiryTime: responseTime(call.nowMs + SESSION_LIFE_MS),
  });
}

/** Discards the events and answers SUCCESS; verifyRequest has checked the session id. */
export function uploadEvent(call: SandboxCall): Reply {
  return reply(call, "SUCCESS");
}
