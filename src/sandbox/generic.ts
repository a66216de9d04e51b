/** Every catalogued operation that the stand-in does not act out: a success with every documented field, ids echoed or made up. */
import { operationNamed } from "../antom/catalogue/operations.ts";
import type { Call, Reply } from "./call.ts";
import type { Desk } from "./desk.ts";
import { filledFields } from "./filled.ts";
import { reply } from "./reply.ts";

/** SUCCESS with all fields of the operation's answer in their right types; the same request id gets the same answer. */
export function generic(call: Call, desk: Desk): Reply {
  const idField = operationNamed(call.operation)?.idempotencyField;
  const requestId = idField === undefined ? undefined : call.body[idField];
  const make = (): Reply => reply(call, "SUCCESS", filledFields(call, desk));
  if (typeof requestId !== "string" || requestId === "") return make();
  return desk.answered.answer(call, { requestId, fingerprint: "" }, make);
}
