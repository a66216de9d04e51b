import fc from "fast-check";
import t from "tap";
import { createLineBuffer } from "../../../src/observe/log/line-buffer.ts";

t.test("what was appended is taken, whole and in order, whatever the lines", async (t) => {
  const lines = fc.array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.nat(50_000).map((length) => "\u4e2d".repeat(length)),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(lines, lines, (first, second) => {
      const buffer = createLineBuffer();
      for (const batch of [first, second]) {
        for (const line of batch) buffer.append(line);
        const wanted = Buffer.from(batch.join(""));
        t.equal(buffer.size().lines, batch.length);
        t.ok(buffer.size().bytes >= wanted.length, "the memory that they take");
        t.ok(buffer.take().equals(wanted));
      }
      t.equal(buffer.size().lines, 0);
      t.ok(buffer.size().bytes <= 64 * 1024, "one chunk is kept for the next lines");
    }),
  );
});

t.test("what was taken stays as it is while further lines come", async (t) => {
  const buffer = createLineBuffer();
  buffer.append("first\n");
  const taken = buffer.take();
  buffer.append("other\n");
  t.equal(taken.toString(), "first\n");
});
