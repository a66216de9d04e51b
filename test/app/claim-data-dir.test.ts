import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { claimDataDir } from "../../src/app/claim-data-dir.ts";

t.test("a folder is claimed without a word, and free again afterwards", async (t) => {
  const folder = join(t.testdir(), "data");
  const warnings: string[] = [];
  const release = await claimDataDir(folder, (message) => warnings.push(message));
  t.equal(readFileSync(join(folder, "running.pid"), "utf8"), `${process.pid}\n`);
  await release();
  t.notOk(existsSync(join(folder, "running.pid")));
  t.same(warnings, []);
});

t.test("a second program in the same folder is told of, one that died is not", async (t) => {
  const folder = t.testdir({ "running.pid": `${process.ppid}\n` });
  const warnings: string[] = [];
  const release = await claimDataDir(folder, (message) => warnings.push(message));
  t.match(warnings, [new RegExp(`process ${process.ppid} uses the data folder.*--data-dir.*redis`)]);
  writeFileSync(join(folder, "running.pid"), "1999999999\n");
  await release();
  t.ok(existsSync(join(folder, "running.pid")), "another's note is left alone");
  for (const stale of ["1999999999\n", "junk", ""]) {
    writeFileSync(join(folder, "running.pid"), stale);
    await claimDataDir(folder, () => t.fail(`warned of ${JSON.stringify(stale)}`));
  }
});
