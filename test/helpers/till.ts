/** The stand-in's operations without sockets and signatures, at a time that the test sets. */
import type { Reply } from "../../src/sandbox/call.ts";
import { createDesk, type Desk } from "../../src/sandbox/desk.ts";
import { operateAs } from "../../src/sandbox/operations.ts";

export interface Till {
  readonly desk: Desk;
  nowMs: number;
  /** The whole reply, as JSON would carry it. */
  reply(operation: string, body: Record<string, unknown>, clientId?: string): Record<string, unknown> & Reply;
  /** The reply's result code alone. */
  code(operation: string, body: Record<string, unknown>, clientId?: string): string;
}

/** An empty till on 2026-11-23, 08:00 UTC. */
export function createTill(): Till {
  const desk = createDesk((paymentId) => `http://stand-in/cashier/${paymentId}`);
  const till: Till = {
    desk,
    nowMs: Date.UTC(2026, 10, 23, 8),
    reply(operation, body, clientId = "SANDBOX_A") {
      return JSON.parse(JSON.stringify(operateAs(operation)({ operation, clientId, body, nowMs: till.nowMs }, desk)));
    },
    code: (operation, body, clientId) => till.reply(operation, body, clientId).result.resultCode,
  };
  return till;
}
