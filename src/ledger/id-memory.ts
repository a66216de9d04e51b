/** Remembers which id of a caller's an id of the gateway's belongs to, so that tallies hold across calls that name one thing by either. */
import { LRUCache } from "lru-cache";
import type { HttpRequest } from "../http/message.ts";
import type { Correlation } from "../ports/correlation.ts";

/** An id that the gateway assigned, and the one that the caller had chosen. */
export type IdPair = readonly [assigned: string, chosen: string];

/** Pairs of ids, of which those that were not asked about for longest are forgotten. */
export interface IdMemory {
  /** The chosen id behind an assigned one; undefined where no answer told it. */
  chosenFor(assigned: string): string | undefined;
  /** Notes the pairs that this call makes known, and gives those that were new; `content` is the answer's, decoded. */
  observe(request: HttpRequest, content: Buffer): readonly IdPair[];
  /** All pairs, those in use last. */
  pairs(): readonly IdPair[];
}

/** What is remembered, and how it is read. */
export interface IdMemoryOptions {
  readonly correlation: Correlation;
  /** The pair that was not asked about for longest is forgotten past this many. */
  readonly limit: number;
  /** Pairs to begin with, oldest first. */
  readonly saved?: Iterable<IdPair> | undefined;
}

const NONE: readonly IdPair[] = [];

/** Creates the memory of one ledger. */
export function createIdMemory({ correlation, limit, saved = [] }: IdMemoryOptions): IdMemory {
  const chosenBy = new LRUCache<string, string>({ max: limit });
  const note = ([assigned, chosen]: IdPair): void => void chosenBy.set(assigned, chosen);
  for (const pair of saved) note(pair);
  return {
    chosenFor: (assigned) => chosenBy.get(assigned),
    observe(request, content) {
      let fresh = NONE;
      for (const link of correlation) {
        const assigned = link.assignedIn(content);
        if (assigned === undefined || chosenBy.has(assigned)) continue;
        const chosen = link.chosenIn(request, content);
        if (chosen === undefined) continue;
        note([assigned, chosen]);
        fresh = [...fresh, [assigned, chosen]];
      }
      return fresh;
    },
    pairs: () => [...chosenBy.keys()].toReversed().map((assigned) => [assigned, chosenBy.peek(assigned) ?? ""]),
  };
}
