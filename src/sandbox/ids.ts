/** Generates ids in Antom's format: the time in seconds, followed by a counter. */

/** Returns a generator of unique ids: 28 digits, `20261123080000` and a counter. */
export function createIds(): (nowMs: number) => string {
  let count = 0;
  return (nowMs) => {
    count += 1;
    const second = new Date(nowMs).toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
    return `${second}${String(count).padStart(14, "0")}`;
  };
}
