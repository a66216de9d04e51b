/** Which payment request a payment id came from, told to every replica. */
import type { Awaitable } from "../../base/maybe-promise.ts";
import type { HttpRequest } from "../../http/message.ts";
import type { Key } from "../../rules/ledger.ts";
import { createPaymentMemory } from "../payment-memory.ts";
import type { Keys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";
import { KEEP_MS } from "./rules-in-force.ts";

export interface SharedPayments {
  observe(request: HttpRequest, content: Buffer): void;
  /** The name of the tally that a call counts in. Rejects when Redis would have to be asked and is away. */
  nameOf(key: Key): Awaitable<string>;
}

/** Pairs that this replica remembers without asking. */
const MOST_PAIRS = 10_000;

export function createSharedPayments(link: RedisLink, keys: Keys): SharedPayments {
  const memory = createPaymentMemory(MOST_PAIRS);
  return {
    observe(request, content) {
      const pair = memory.observe(request, content);
      if (pair === undefined) return;
      const [paymentId, requestId] = pair;
      // A pair that does not get through is known to this replica all the same.
      link.send("SET", keys.payment(paymentId), requestId, "PX", String(KEEP_MS), "NX").catch(() => undefined);
    },
    nameOf(key) {
      if (typeof key === "string") return key;
      const { paymentId } = key;
      return memory.requestOf(paymentId) ?? askFor(paymentId, link, keys);
    },
  };
}

async function askFor(paymentId: string, link: RedisLink, keys: Keys): Promise<string> {
  const found = await link.send("GET", keys.payment(paymentId));
  return typeof found === "string" ? found : `paymentId:${paymentId}`;
}
