/** What `npm run coverage` demands of a file's own test, and how its list changes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { projectRoot } from "../helpers/program.ts";

type Percents = Readonly<Record<string, number>>;

interface Coverage {
  percentsOf(files: readonly string[], report: Readonly<Record<string, { lines: { pct: number } }>>): Percents;
  judge(found: Percents, list: { readonly exempt: Readonly<Record<string, string>>; readonly below: Percents }): readonly string[];
  rewritten(found: Percents, below: Percents): Percents;
}

const { percentsOf, judge, rewritten }: Coverage = await import(new URL("../../../.ci/coverage.mjs", import.meta.url).href);
const { default: sourceOf }: { default(test: string): string | null } = await import(
  new URL("../../../.ci/coverage-map.mjs", import.meta.url).href
);

t.test("a test covers the file that it mirrors and no other; an end-to-end test covers none", async (t) => {
  t.equal(sourceOf(".build/test/base/duration.test.js"), ".build/src/base/duration.js");
  t.equal(sourceOf(".build\\test\\base\\duration.test.js"), ".build/src/base/duration.js");
  for (const test of ["e2e/reload", "readme", "ci/coverage"]) t.equal(sourceOf(`.build/test/${test}.test.js`), null, test);
});

t.test("percents are whole and rounded down, and 0 where no test mirrors a file", async (t) => {
  const report = { total: { lines: { pct: 50 } }, [join(projectRoot, "src", "a.ts")]: { lines: { pct: 79.99 } } };
  t.same(percentsOf(["src/a.ts", "src/b.ts"], report), { "src/a.ts": 79, "src/b.ts": 0 });
});

t.test("80 % is demanded, or the value in the list; files that are exempt are not looked at", async (t) => {
  const list = { exempt: { "src/data.ts": "data" }, below: { "src/listed.ts": 40, "src/fallen.ts": 40 } };
  const found = { "src/data.ts": 0, "src/listed.ts": 40, "src/fallen.ts": 39, "src/good.ts": 80, "src/bad.ts": 79 };
  t.same(judge(found, list), [
    "src/fallen.ts: its own test covers 39 % of its lines, 40 % are demanded",
    "src/bad.ts: its own test covers 79 % of its lines, 80 % are demanded",
  ]);
});

t.test("a list that is written anew has no value lowered, and loses the files that are good or gone", async (t) => {
  const below = { "src/fallen.ts": 40, "src/risen.ts": 40, "src/good.ts": 40, "src/gone.ts": 40 };
  const found = { "src/fallen.ts": 39, "src/risen.ts": 45, "src/good.ts": 80, "src/new.ts": 10 };
  t.same(rewritten(found, below), { "src/fallen.ts": 40, "src/new.ts": 10, "src/risen.ts": 45 });
});

t.test("the project's own list has whole percents below 80, and a reason for each file that is exempt", async (t) => {
  const { exempt, below } = JSON.parse(readFileSync(join(projectRoot, ".ci", "coverage.json"), "utf8"));
  for (const [file, percent] of Object.entries(below)) t.ok(Number.isInteger(percent) && Number(percent) < 80, file);
  for (const [file, reason] of Object.entries(exempt)) t.match(reason, /\w/, file);
});
