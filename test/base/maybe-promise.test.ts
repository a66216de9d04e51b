import t from "tap";
import { whenThere } from "../../src/base/maybe-promise.ts";

t.test("what is there is taken at once, and makes no promise", (t) => {
  t.equal(
    whenThere(2, (value) => value + 1),
    3,
  );
  t.equal(
    whenThere(undefined, (value) => value),
    undefined,
  );
  t.throws(
    () =>
      whenThere(1, () => {
        throw new Error("bug");
      }),
    { message: "bug" },
  );
  t.end();
});

t.test("what will be there is waited for, failures included", async (t) => {
  t.equal(await whenThere(Promise.resolve(2), (value) => value + 1), 3);
  t.equal(await whenThere(2, async (value) => value + 1), 3);
  await t.rejects(async () => await whenThere(Promise.reject(new Error("bug")), () => 1), { message: "bug" });
});
