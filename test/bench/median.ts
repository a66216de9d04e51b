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
