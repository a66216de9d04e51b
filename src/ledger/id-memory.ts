/** Remembers which id of a caller's an id of the gateway's belongs to, so that tallies hold across calls that name one thing by either. */
import type { HttpRequest } from "../http/message.ts";
import type { Correlation } from "../ports/correlation.ts";

/** An id that the gateway assigned, and the one that the caller had chosen. */
export type IdPair = readonly [assigned: string, chosen: string];

/** Pairs of ids, the oldest of which are forgotten. */
export interface IdMemory {
  /** The chosen id behind an assigned one; undefined where no answer told it. */
  chosenFor(assigned: string): string | undefined;
  /** Notes the pairs that this call makes known, and gives those that were new; `content` is the answer's, decoded. */
  observe(request: HttpRequest, content: Buffer): readonly IdPair[];
  /** All pairs, oldest first. */
  pairs(): readonly IdPair[];
}

/** What is remembered, and how it is read. */
export interface IdMemoryOptions {
  readonly correlation: Correlation;
  /** The oldest pair is forgotten past this many. */
  readonly limit: number;
  /** Pairs to begin with, oldest first. */
  readonly saved?: Iterable<IdPair> | undefined;
}

const NONE: readonly IdPair[] = [];

/** Creates the memory of one ledger. */
export function createIdMemory({ correlation, limit, saved = [] }: IdMemoryOptions): IdMemory {
  const chosenBy = new Map<string, string>(saved);
  const note = (pair: IdPair): void => {
    chosenBy.set(...pair);
    const [oldest] = chosenBy.keys();
    if (chosenBy.size > limit && oldest !== undefined) chosenBy.delete(oldest);
  };
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
    pairs: () => [...chosenBy],
  };
}
