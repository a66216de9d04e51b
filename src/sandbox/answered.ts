/** The final answers already given, by request id: the same id asks for the same answer (docs.antom.com/ac/ams/idempotency, 2026-11). */
import { LRUCache } from "lru-cache";
import type { Call, Reply } from "./call.ts";
import { reply } from "./reply.ts";

/** A call that Antom promises to do at most once. */
export interface Once {
  /** `refundRequestId` and the like. */
  readonly requestId: string;
  /** The fields that must not differ under the same request id, joined. */
  readonly fingerprint: string;
}

export interface Answered {
  /**
   * The answer given before under this operation, client and request id, or `make()`'s.
   * REPEAT_REQ_INCONSISTENT when the fingerprint differs. Answers that are not final (U), and those to unknown orders, are not kept.
   */
  answer(call: Call, once: Once, make: () => Reply): Reply;
  clear(): void;
}

/** Codes after which the order may still come to be, so that the same id may be sent again. */
const NOT_KEPT: ReadonlySet<string> = new Set(["ORDER_NOT_EXIST", "AUTH_NOT_FOUND"]);

/** An empty memory of at most `limit` answers and `limitCharacters` of JSON; the one longest not asked for is forgotten first. */
export function createAnswered(limit = 10_000, limitCharacters = 16 * 1024 * 1024): Answered {
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
