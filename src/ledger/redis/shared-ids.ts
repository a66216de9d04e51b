/** Which ids name the same thing, shared by all replicas. */
import type { MaybePromise } from "../../base/maybe-promise.ts";
import type { HttpRequest } from "../../http/message.ts";
import type { Correlation } from "../../ports/correlation.ts";
import { type AliasKey, type Key, unlinked } from "../../rules/ledger.ts";
import { createIdMemory } from "../id-memory.ts";
import type { Keys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";
import { KEEP_MS } from "./rules-in-force.ts";

/** What all replicas know of ids. */
export interface SharedIds {
  /** Learns from a call and the content of its answer. */
  observe(request: HttpRequest, content: Buffer): void;
  /** The name of the tally that a call counts in. Rejects when Redis would have to be asked and is away. */
  nameOf(key: Key): MaybePromise<string>;
}

/** Pairs that this replica remembers without asking. */
const MOST_PAIRS = 10_000;

/** Creates the ids of one ledger. */
export function createSharedIds(link: RedisLink, keys: Keys, correlation: Correlation): SharedIds {
  const memory = createIdMemory({ correlation, limit: MOST_PAIRS });
  return {
    observe(request, content) {
      for (const [assigned, chosen] of memory.observe(request, content)) {
        // A pair that does not get through is known to this replica all the same.
        link.send("SET", keys.idLink(assigned), chosen, "PX", String(KEEP_MS), "NX").catch(() => undefined);
      }
    },
    nameOf(key) {
      if (typeof key === "string") return key;
      return memory.chosenFor(key.id) ?? askFor(key, link, keys);
    },
  };
}

async function askFor(key: AliasKey, link: RedisLink, keys: Keys): Promise<string> {
  const found = await link.send("GET", keys.idLink(key.id));
  return typeof found === "string" ? found : unlinked(key);
}
