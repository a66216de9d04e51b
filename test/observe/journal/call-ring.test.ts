/** The ring's memory is bounded in bytes whatever the sizes of the calls, and a dropped call is no longer referenced. */
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import t from "tap";
import { type CallRing, createCallRing } from "../../../src/observe/journal/call-ring.ts";
import { callRecord, request } from "../../helpers/call-record.ts";

const MIB = 1024 * 1024;
const LIMIT_BYTES = 32 * MIB;
/** A quarter of a shared page may stay unused; one page is partly dropped, one being filled, one kept for reuse. */
const MOST_BYTES = (LIMIT_BYTES * 4) / 3 + 3 * 512 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Array buffers still in use: the least of several collections, since one may leave memory to be freed by a later turn of the event loop. */
async function bufferBytes(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round += 1) {
    collectGarbage();
    await setImmediate();
    least = Math.min(least, process.memoryUsage().arrayBuffers);
  }
  return least;
}

function fill(ring: CallRing, bodyBytes: readonly number[]): void {
  for (const bytes of bodyBytes) ring.add(callRecord({ request: request({ body: Buffer.allocUnsafeSlow(bytes) }) }));
}

/** Repeatable sizes between 0 and `most`. */
function mixOf(count: number, most: number): number[] {
  let seed = 7;
  return Array.from({ length: count }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) ** 3 * most);
  });
}

const MIXES: Readonly<Record<string, readonly number[]>> = {
  "large bodies": Array.from({ length: 60 }, () => 8 * MIB),
  "small and large in turn": Array.from({ length: 400 }, (_, at) => (at % 2 === 0 ? 1000 : 600_000)),
  "bodies a little larger than half a page": Array.from({ length: 300 }, () => 270_000),
  "any sizes": mixOf(600, 4 * MIB),
};

for (const [name, sizes] of Object.entries(MIXES)) {
  t.test(`memory stays within the budget: ${name}`, async (t) => {
    const before = await bufferBytes();
    const ring = createCallRing(1000, LIMIT_BYTES);
    fill(ring, sizes);
    const held = (await bufferBytes()) - before;
    t.ok(held <= MOST_BYTES, `${(held / MIB).toFixed(1)} MiB held for a budget of ${LIMIT_BYTES / MIB} MiB`);
    t.ok(ring.size().bytes <= LIMIT_BYTES);
    t.ok(held >= ring.size().bytes * 0.9, "and what is kept is really there");
    ring.clear();
    const left = (await bufferBytes()) - before;
    t.ok(left <= 2 * 512 * 1024, `${(left / MIB).toFixed(1)} MiB left after all calls were dropped`);
    t.equal(ring.size().bytes, 0);
  });
}

t.test("long texts beside the bodies count too", async (t) => {
  const ring = createCallRing(1000, MIB);
  for (let n = 0; n < 100; n += 1) ring.add(callRecord({ resultCode: "X".repeat(100_000) }));
  t.ok(ring.size().calls <= 5, `${ring.size().calls} calls kept`);
});
