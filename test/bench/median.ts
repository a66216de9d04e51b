/** The statistics of the benchmark: medians of rounds, percentiles of latencies. */

/** The middle value, or the mean of the two middle ones; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** How many times `theirs` ours are: the median of the ratios of each round. NaN for no rounds. */
export function timesOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

/** Where the median lies. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** How often an interval made this way holds the true median, 0 to 1. */
  readonly coverage: number;
}

/**
 * An interval of the median that assumes no distribution: from the k-th smallest to the k-th largest value, with the largest k whose
 * coverage is still at least `coverage` (each value lies below the median with probability 1/2). Unbounded for fewer than 6 values at 95 %.
 */
export function medianInterval(values: readonly number[], coverage = 0.95): Interval {
  const sorted = [...values].sort((left, right) => left - right);
  let rank = 0;
  let below = 0;
  for (let chance = 0.5 ** sorted.length; below + chance <= (1 - coverage) / 2; chance *= (sorted.length - rank + 1) / rank) {
    below += chance;
    rank += 1;
  }
  return {
    low: sorted[rank - 1] ?? Number.NEGATIVE_INFINITY,
    high: (rank === 0 ? undefined : sorted[sorted.length - rank]) ?? Number.POSITIVE_INFINITY,
    coverage: 1 - 2 * below,
  };
}

/** The value that `share` (0 to 1) of the sorted values do not exceed (nearest rank); NaN for none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** Slope of the best straight line through the points (least squares), per step; 0 for fewer than two. */
export function trend(values: readonly number[]): number {
  const meanAt = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let over = 0;
  let under = 0;
  for (const [at, value] of values.entries()) {
    over += (at - meanAt) * (value - mean);
    under += (at - meanAt) ** 2;
  }
  return under === 0 ? 0 : over / under;
}
