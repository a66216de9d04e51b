/**
 * The fault `delay`: the answer is sent late.
 *
 * Behaviour of the official SDKs: Java times out after 15 s (connect and read), Go after 15 s to the headers and 30 s in all, .NET after
 * 100 s; Python and PHP have no time limit. A timeout does not mean that the payment failed: with
 * `upstream: call` it has already been made.
 */
import { z } from "zod";
import { formatDuration } from "../base/duration.ts";
import { durationShape } from "./duration-shape.ts";
import { type Compiled, defineFault, type Fault, type FaultContext, type FaultKind, type Mistake } from "./fault.ts";
import { keyed } from "./mistakes.ts";

const HOUR_MS = 3_600_000;
const length = durationShape(1, HOUR_MS);
/** The 99th percentile of a normal distribution, in standard deviations above the mean. */
const P99_DEVIATIONS = 2.326;

const written = z.union([
  length,
  keyed({ min: length, max: length }).meta({ description: "evenly spread between the two" }),
  keyed({ median: length, p99: length }).meta({
    description: "log-normal, as real latencies are: half are shorter than median, 1 in 100 longer than p99",
  }),
]);

export const delayFault: FaultKind = defineFault({
  key: "delay",
  schema: written,
  compile(value) {
    if (typeof value === "number") return fault(formatDuration(value), value, () => value);
    if ("min" in value) {
      const { min, max } = value;
      if (min > max) return bad("max", "`delay.max` is less than `delay.min`", "swap them");
      return fault(`${formatDuration(min)} to ${formatDuration(max)}`, value, ({ random }) => min + random() * (max - min));
    }
    const { median, p99 } = value;
    if (median > p99) return bad("p99", "`delay.p99` is less than `delay.median`", "swap them");
    const spread = Math.log(p99 / median) / P99_DEVIATIONS;
    const summary = `about ${formatDuration(median)}, 1 in 100 over ${formatDuration(p99)}`;
    return fault(summary, value, ({ random }) => Math.min(HOUR_MS, median * Math.exp(spread * deviation(random(), random()))));
  },
});

function fault(summary: string, meaning: unknown, waitMs: (context: FaultContext) => number): Compiled<Fault> {
  const effects: Fault["effects"] = (context) => [{ kind: "wait", ms: Math.round(waitMs(context)) }];
  return { kind: "ok", value: { kind: "delay", summary: `waits ${summary}`, answer: "needs", meaning, effects } };
}

function bad(key: string, message: string, remedy: string): { kind: "bad"; mistakes: Mistake[] } {
  return { kind: "bad", mistakes: [{ path: [key], message, remedy }] };
}

/** A standard normal deviate from two uniform ones (Box and Muller 1958). */
function deviation(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
