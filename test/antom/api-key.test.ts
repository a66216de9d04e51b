import fc from "fast-check";
import t from "tap";
import { readApiKey } from "../../src/antom/api-key.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

t.test("kind and client id of a key, standard or restricted", async (t) => {
  const id = "SANDBOX_5X00000000000000";
  t.same(readApiKey(`Bearer isak_TEST_${base64(id)}_0123`), { kind: "test", clientId: id });
  t.same(readApiKey(`Bearer irak_PROD_${base64("5X00000000000000")}_0123`), { kind: "production", clientId: "5X00000000000000" });
  t.same(readApiKey(`bearer irak_TEST_${base64(id).replace(/=+$/, "")}_a_b`)?.clientId, undefined, "only the last `_` ends the id");
});

t.test("any client id that base64 or base64url spells is read back", async () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9_.-]{1,40}$/),
      fc.constantFrom("base64" as const, "base64url" as const),
      fc.stringMatching(/^[A-Za-z0-9]{0,20}$/),
      (id, spelling, rest) => readApiKey(`Bearer isak_TEST_${Buffer.from(id).toString(spelling)}_${rest}`)?.clientId === id,
    ),
  );
});

t.test("an id that cannot be decoded is undefined, and the kind stands all the same", async (t) => {
  for (const middle of ["", "_", "abc", "A", "====", "a~b", base64("two words"), base64("a,b"), base64("é"), base64("x".repeat(65))]) {
    t.same(readApiKey(`Bearer isak_TEST_${middle}_0123`), { kind: "test", clientId: undefined }, middle);
  }
  t.same(readApiKey(`Bearer isak_PROD_${base64("5X")}`), { kind: "production", clientId: undefined }, "nothing ends the id");
});

t.test("anything else is no key", async (t) => {
  for (const value of [
    "",
    "Bearer",
    "Basic YTpi",
    "Bearer isak_TEST_",
    "Bearer isak_LIVE_x_0",
    "Bearer ixak_TEST_x_0",
    "x Bearer isak_TEST_x_0",
  ]) {
    t.equal(readApiKey(value), undefined, value);
  }
});
