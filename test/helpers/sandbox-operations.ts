/** Calls the stand-in's operations without sockets and signatures, at a time set by the test. */
import type { Reply } from "../../src/sandbox/call.ts";
import { implementationOf } from "../../src/sandbox/implementations.ts";
import { createSandboxState, type SandboxState } from "../../src/sandbox/sandbox-state.ts";

export interface SandboxOperations {
  readonly state: SandboxState;
  nowMs: number;
  /** The reply after a round trip through JSON. */
  reply(operation: string, body: Record<string, unknown>, clientId?: string): Record<string, unknown> & Reply;
  /** The result code of the reply. */
  code(operation: string, body: Record<string, unknown>, clientId?: string): string;
}

/** Creates an empty state on 2026-11-23, 08:00 UTC. */
export function createSandboxOperations(): SandboxOperations {
  const state = createSandboxState((paymentId) => `http://stand-in/cashier/${paymentId}`);
  const sandbox: SandboxOperations = {
    state,
    nowMs: Date.UTC(2026, 10, 23, 8),
    reply(operation, body, clientId = "SANDBOX_A") {
      return JSON.parse(JSON.stringify(implementationOf(operation)({ operation, clientId, body, nowMs: sandbox.nowMs }, state)));
    },
    code: (operation, body, clientId) => sandbox.reply(operation, body, clientId).result.resultCode,
  };
  return sandbox;
}
