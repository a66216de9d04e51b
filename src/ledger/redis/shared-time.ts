/** Measures the offset between the replica's clock and Redis's clock, by which shared windows start and end. */

export interface SharedTime {
  /** Converts a steady reading of the replica's clock to epoch milliseconds of Redis's clock, rounded. */
  toShared(localMs: number): number;
  toLocal(sharedMs: number): number;
  /** Records a measurement: Redis's time was `sharedMs` between these two steady readings. */
  observe(sharedMs: number, askedAtMs: number, answeredAtMs: number): void;
}

/** Smaller differences are ignored, because they are within the round-trip time. */
const TOLERANCE_MS = 250;

/** Until the first measurement both clocks count as equal. Only a significant difference changes the offset. */
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

/** Redis's TIME in milliseconds. */
export function timeOf(seconds: unknown, microseconds: unknown): number {
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}
