import t from "tap";
import { mapMaybePromise } from "../../src/base/maybe-promise.ts";

t.test("what is there is taken at once, and makes no promise", (t) => {
  t.equal(
    mapMaybePromise(2, (value) => value + 1),
    3,
  );
  t.equal(
    mapMaybePromise(undefined, (value) => value),
    undefined,
  );
  t.throws(
    () =>
      mapMaybePromise(1, () => {
        throw new Error("bug");
      }),
    { message: "bug" },
  );
  t.end();
});

t.test("what will be there is waited for, failures included", async (t) => {
  t.equal(await mapMaybePromise(Promise.resolve(2), (value) => value + 1), 3);
  t.equal(await mapMaybePromise(2, async (value) => value + 1), 3);
  await t.rejects(async () => await mapMaybePromise(Promise.reject(new Error("bug")), () => 1), { message: "bug" });
});
