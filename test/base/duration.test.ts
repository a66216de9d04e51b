import fc from "fast-check";
import t from "tap";
import { formatDuration, parseDuration } from "../../src/base/duration.ts";

t.test("lengths of time are read with their units", async (t) => {
  const table: readonly [string, number | undefined][] = [
    ["30s", 30_000],
    ["90m", 5_400_000],
    ["1h30m", 5_400_000],
    ["250ms", 250],
    ["1.5s", 1500],
    [" 2s ", 2000],
    ["1d", 86_400_000],
    ["0s", 0],
    ["", undefined],
    ["30", undefined],
    ["s", undefined],
    ["30m1h", undefined],
    ["1m1m", undefined],
    ["-1s", undefined],
    ["1 h", undefined],
    ["30min", undefined],
  ];
  for (const [text, ms] of table) t.equal(parseDuration(text), ms, JSON.stringify(text));
});

t.test("a length of time is written shortly, and read back as it was", async (t) => {
  t.equal(formatDuration(5_400_000), "1h30m");
  t.equal(formatDuration(45_250), "45s250ms");
  t.equal(formatDuration(0), "0s");
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (ms) => parseDuration(formatDuration(ms)) === ms));
});
