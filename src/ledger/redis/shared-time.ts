/** Redis's clock is the one by which shared windows begin and end; this says how far the replica's own is from it. */

export interface SharedTime {
  /** A steady reading of the replica's clock in epoch milliseconds of Redis's, whole. */
  toShared(localMs: number): number;
  toLocal(sharedMs: number): number;
  /** Takes one reading: Redis said `sharedMs` between these two steady readings of the replica's clock. */
  observe(sharedMs: number, askedAtMs: number, answeredAtMs: number): void;
}

/** Readings that differ by less say nothing: the answer's way takes time as well. */
const TOLERANCE_MS = 250;

/** Until the first reading both clocks count as one. Only a clock that is really off moves what was taken before. */
export function createSharedTime(): SharedTime {
  let offsetMs: number | undefined;
  return {
    toShared: (localMs) => Math.round(localMs + (offsetMs ?? 0)),
    toLocal: (sharedMs) => sharedMs - (offsetMs ?? 0),
    observe(sharedMs, askedAtMs, answeredAtMs) {
      const reading = Math.round(sharedMs - (askedAtMs + answeredAtMs) / 2);
      const doubtMs = TOLERANCE_MS + (answeredAtMs - askedAtMs) / 2;
      if (offsetMs === undefined || Math.abs(reading - offsetMs) > doubtMs) offsetMs = reading;
    },
  };
}

/** Redis's TIME as milliseconds. */
export function timeOf(seconds: unknown, microseconds: unknown): number {
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}
