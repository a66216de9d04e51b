/** The format of times in Antom's answers: ISO 8601, whole seconds, with offset (docs.antom.com/ac/ams/api_fund, 2026-11). */

/** Same as `responseTime`, with the text of the current second cached, because every call needs it. */
export function createResponseTimes(): (nowMs: number) => string {
  let second = Number.NaN;
  let text = "";
  return (nowMs) => {
    const asked = Math.floor(nowMs / 1000);
    if (asked !== second) {
      second = asked;
      text = responseTime(nowMs);
    }
    return text;
  };
}

/** `2026-11-23T08:00:00+00:00` for an epoch-millisecond time. */
export function responseTime(nowMs: number): string {
  return `${new Date(Math.floor(nowMs / 1000) * 1000).toISOString().slice(0, 19)}+00:00`;
}
