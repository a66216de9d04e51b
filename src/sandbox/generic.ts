/** Answers every catalogued operation without its own implementation: SUCCESS with every documented field, ids echoed or generated. */
import { operationNamed } from "../antom/catalogue/operations.ts";
import type { Reply, SandboxCall } from "./call.ts";
import { filledFields } from "./complete-answer.ts";
import { reply } from "./reply.ts";
import type { SandboxState } from "./sandbox-state.ts";

/** SUCCESS with all documented fields of the operation; a repeated request id gets the same answer. */
export function generic(call: SandboxCall, state: SandboxState): Reply {
  const idField = operationNamed(call.operation)?.idempotencyField;
  const requestId = idField === undefined ? undefined : call.body[idField];
  const make = (): Reply => reply(call, "SUCCESS", filledFields(call, state));
  if (typeof requestId !== "string" || requestId === "") return make();
  return state.answers.answer(call, { requestId, fingerprint: "" }, make);
}
