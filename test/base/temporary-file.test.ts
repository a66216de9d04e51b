/** A temporary file is complete before it gets its name, and never stays behind. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { copyFile, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import t from "tap";
import { TEMPORARY, withTemporaryFile } from "../../src/base/temporary-file.ts";

t.test("the file is complete, with its mode, and beside its target when it is to be placed", async (t) => {
  const folder = t.testdir();
  const path = join(folder, "state.json");
  await withTemporaryFile(path, { text: "whole", mode: 0o640 }, async (temporary) => {
    t.equal(readFileSync(temporary, "utf8"), "whole");
    t.equal(statSync(temporary).mode & 0o777, 0o640);
    t.match(basename(temporary), TEMPORARY);
    t.equal(basename(temporary).startsWith("state.json."), true);
    await rename(temporary, path);
  });
  t.same(readdirSync(folder), ["state.json"]);
});

t.test("it is removed when it was copied, and when it could not be placed", async (t) => {
  const folder = t.testdir();
  const path = join(folder, "a");
  await withTemporaryFile(path, { text: "x", mode: 0o600 }, (temporary) => copyFile(temporary, path));
  t.same(readdirSync(folder), ["a"]);
  const failing = withTemporaryFile(join(folder, "b"), { text: "x", mode: 0o600 }, () => Promise.reject(new Error("no room")));
  await t.rejects(failing, /no room/);
  t.same(readdirSync(folder), ["a"]);
});

t.test("other files are not taken for temporary ones", async (t) => {
  t.match("state.json.0a1b2c3d.tmp", TEMPORARY);
  for (const name of ["state.json", "state.tmp", "state.json.0a1b2c3.tmp", "state.json.0a1b2c3d.tmp.old"]) t.notMatch(name, TEMPORARY);
});
