/** Ids of Antom's kind: the time to the second, then digits that count up. */

/** A maker of ids that never gives one twice, even within a second: 28 digits, `20261123080000` and a count. */
export function createIds(): (nowMs: number) => string {
  let count = 0;
  return (nowMs) => {
    count += 1;
    const second = new Date(nowMs).toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
    return `${second}${String(count).padStart(14, "0")}`;
  };
}
