/** Cache of final answers by request id, so that a repeated request gets the same answer (docs.antom.com/ac/ams/idempotency, 2026-11). */
import { LRUCache } from "lru-cache";
import type { Reply, SandboxCall } from "./call.ts";
import { reply } from "./reply.ts";

/** Identifies an idempotent call. */
export interface Idempotency {
  /** The value of `refundRequestId`, `captureRequestId` or a similar field. */
  readonly requestId: string;
  /** The joined fields that must be equal in every request with this id. */
  readonly fingerprint: string;
}

export interface AnswerCache {
  /**
   * Returns the cached answer for this operation, client and request id, or calls `make()` and caches its result.
   * Returns REPEAT_REQ_INCONSISTENT when the fingerprint differs. Answers with status U and answers about unknown orders are not cached.
   */
  answer(call: SandboxCall, idempotency: Idempotency, make: () => Reply): Reply;
  clear(): void;
}

/** Codes for an order that may be created later; the merchant may then send the same id again. */
const NOT_KEPT: ReadonlySet<string> = new Set(["ORDER_NOT_EXIST", "AUTH_NOT_FOUND"]);

/** An empty cache of at most `limit` answers and `limitCharacters` characters of JSON; evicts the least recently used. */
export function createAnswerCache(limit = 10_000, limitCharacters = 16 * 1024 * 1024): AnswerCache {
  const answers = new LRUCache<string, { readonly fingerprint: string; readonly given: Reply }>({
    max: limit,
    maxSize: limitCharacters,
    sizeCalculation: ({ fingerprint, given }, key) => key.length + fingerprint.length + JSON.stringify(given).length,
  });
  return {
    answer(call, { requestId, fingerprint }, make) {
      const key = `${call.operation} ${call.clientId} ${requestId}`;
      const known = answers.get(key);
      if (known !== undefined) return known.fingerprint === fingerprint ? known.given : reply(call, "REPEAT_REQ_INCONSISTENT");
      const given = make();
      if (isFinal(given)) answers.set(key, { fingerprint, given });
      return given;
    },
    clear: () => answers.clear(),
  };
}

function isFinal({ result }: Reply): boolean {
  return result.resultStatus !== "U" && !NOT_KEPT.has(result.resultCode);
}
