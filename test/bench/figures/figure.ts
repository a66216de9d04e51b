/** One measured value besides the throughput lanes, as it is printed and written. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it should be; undefined: it is only told. */
  readonly reach?: { readonly atLeast: number } | { readonly atMost: number };
  /** Anything that was not right; empty when all was. */
  readonly wrong: readonly string[];
}

export function figure(name: string, value: number, unit: string, more: Partial<Pick<Figure, "reach" | "wrong">> = {}): Figure {
  return { name, value: Number(value.toPrecision(4)), unit, wrong: [], ...more };
}

/** Whether a value is what it should be; a figure without a target always is. */
export function isReached({ value, reach }: Pick<Figure, "value" | "reach">): boolean {
  if (reach === undefined) return true;
  return "atLeast" in reach ? value >= reach.atLeast : value <= reach.atMost;
}

/** What a load saw go wrong, in a few words. */
export function failuresOf(load: { readonly failed: number; readonly failures: readonly { readonly what: string }[] }): readonly string[] {
  return load.failed === 0
    ? []
    : [`${load.failed} calls failed: ${[...new Set(load.failures.map(({ what }) => what))].slice(0, 3).join("; ")}`];
}
