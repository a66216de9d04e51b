import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { errorCode } from "../../src/base/error-code.ts";
import { writeWhole } from "../../src/base/write-whole.ts";

t.test("a file is written with its mode, and a later text takes its place", async (t) => {
  const file = join(t.testdir(), "a.json");
  await writeWhole(file, "one", 0o600);
  t.equal(statSync(file).mode & 0o777, 0o600);
  await writeWhole(file, "two", 0o644);
  t.equal(readFileSync(file, "utf8"), "two");
  t.equal(statSync(file).mode & 0o777, 0o644);
  t.same(readdirSync(join(file, "..")), ["a.json"], "nothing else is left");
});

t.test("many writers at once leave one whole text", async (t) => {
  const file = join(t.testdir(), "a.json");
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000));
  await Promise.all(texts.map((text) => writeWhole(file, text, 0o600)));
  t.ok(texts.includes(readFileSync(file, "utf8")));
  t.equal(readdirSync(join(file, "..")).length, 1);
});

t.test("what cannot be written rejects with the system's code and leaves nothing behind", async (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, "taken"));
  const failed = await writeWhole(join(folder, "taken"), "x", 0o600).catch(errorCode);
  t.match(failed, /^E[A-Z]+$/);
  t.same(readdirSync(folder), ["taken"]);
  t.equal(await writeWhole(join(folder, "none", "a"), "x", 0o600).catch(errorCode), "ENOENT");
  t.notOk(existsSync(join(folder, "none")));
  t.equal(errorCode("plain"), "plain");
});
