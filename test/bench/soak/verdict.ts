/** Judges a soak: a heap that grows, sockets that stay, calls that failed without having been asked to. */
import { trend } from "../median.ts";
import type { Cycle } from "./cycle.ts";

/** What grows less than this over a whole soak is caches that fill and code that is compiled. */
const GROWTH_BYTES = 4 * 2 ** 20;
const GROWTH_SHARE = 0.1;

/** What is wrong; empty: nothing. `lastSockets` are those still open when everybody has gone. */
export function judgeSoak(cycles: readonly Cycle[], lastSockets: number, savesEach: number): readonly string[] {
  const failed = cycles.flatMap((cycle) => cycle.unasked);
  const reloads = cycles.reduce((sum, cycle) => sum + cycle.reloads, 0);
  const growth = growthOf(cycles);
  return [
    failed.length === 0 ? undefined : `${failed.length} calls failed that no fault asked for: ${kindsOf(failed)}`,
    growth === undefined ? undefined : `the heap grew by ${(growth / 2 ** 20).toFixed(1)} MiB`,
    lastSockets === 0 ? undefined : `${lastSockets} sockets are still open`,
    reloads >= cycles.length * savesEach ? undefined : `${cycles.length * savesEach} saves led to ${reloads} reloads`,
  ].filter((found) => found !== undefined);
}

/** Growth over the cycles by the best straight line, the first third left out (caches fill, code is compiled); undefined when it is within bounds. */
function growthOf(cycles: readonly Cycle[]): number | undefined {
  const heaps = cycles.slice(Math.ceil(cycles.length / 3)).map((cycle) => cycle.probe.heapBytes + cycle.probe.externalBytes);
  if (heaps.length < 3) return undefined;
  const growth = trend(heaps) * (heaps.length - 1);
  const mean = heaps.reduce((sum, heap) => sum + heap, 0) / heaps.length;
  return growth > Math.max(GROWTH_BYTES, mean * GROWTH_SHARE) ? growth : undefined;
}

function kindsOf(failures: Cycle["unasked"]): string {
  const counts = new Map<string, number>();
  for (const { path, what } of failures) {
    const kind = `${path.split("/").at(-1)}: ${what}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} × ${kind}`).join("; ");
}
