/**
 * The fault `throttle`: the answer's body is sent slowly.
 *
 * Behaviour of the official SDKs: each received byte restarts a read timeout, so Java and Python (15 s per read) and PHP wait to
 * the end; Go gives up after 30 s in all, .NET after 100 s. The signature stays valid.
 */
import { z } from "zod";
import { defineFault, type Fault, type FaultKind } from "./fault.ts";

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1000, MB: 1_000_000 };
const SPELLING = /^(\d{1,9}(?:\.\d{1,3})?) ?(B|kB|MB)\/s$/;

const written = z
  .string({ error: () => "a rate has a unit; write for example `2kB/s` or `500B/s`" })
  .regex(SPELLING, { error: () => "this is not a valid rate; write for example `2kB/s` or `500B/s`" })
  .meta({ description: "bytes of the body a second: 500B/s, 2kB/s, 1MB/s" });

export const throttleFault: FaultKind = defineFault({
  key: "throttle",
  schema: written,
  compile(value) {
    const [, amount = "0", unit = "B"] = SPELLING.exec(value) ?? [];
    const bytesPerSecond = Math.round(Number(amount) * (UNITS[unit] ?? 1));
    if (bytesPerSecond < 1)
      return { kind: "bad", mistakes: [{ path: [], message: `\`${value}\` never ends`, remedy: "use at least `1B/s`, or `abort: hang`" }] };
    const fault: Fault = {
      kind: "throttle",
      summary: `sends ${bytesPerSecond} bytes a second`,
      answer: "needs",
      delivers: true,
      meaning: bytesPerSecond,
      effects: () => [{ kind: "deliver", delivery: { kind: "throttle", bytesPerSecond } }],
    };
    return { kind: "ok", value: fault };
  },
});
