/** Durations as people write them: `30s`, `90m`, `1h30m`, `250ms`. */

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds, or undefined when `text` is not a duration: units are required, in descending order, and each occurs at most once. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^(?:\d+(?:\.\d+)?d)?(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m)?(?:\d+(?:\.\d+)?s)?(?:\d+(?:\.\d+)?ms)?$/.test(trimmed) || trimmed === "")
    return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) totalMs += Number(amount) * (UNITS_MS[unit ?? ""] ?? 0);
  return Math.round(totalMs);
}

/** `1h30m`, `45s`, `250ms`: the shortest spelling of whole milliseconds that parseDuration reads back. */
export function formatDuration(ms: number): string {
  let leftMs = Math.max(0, Math.round(ms));
  if (leftMs === 0) return "0s";
  const parts: string[] = [];
  for (const unit of ["h", "m", "s", "ms"]) {
    const size = UNITS_MS[unit] ?? 1;
    const count = Math.floor(leftMs / size);
    if (count > 0) parts.push(`${count}${unit}`);
    leftMs -= count * size;
  }
  return parts.join("");
}
