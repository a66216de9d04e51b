/** The documents for contributors name what is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { projectRoot } from "./helpers/program.ts";

const read = (file: string): string => readFileSync(join(projectRoot, file), "utf8");
const scripts: Record<string, string> = JSON.parse(read("package.json")).scripts;

t.test("every folder of src is in the map of folders, and every folder of the map is there", async (t) => {
  const mapped = [...read("docs/architecture.md").matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name = ""]) => name);
  const folders = readdirSync(join(projectRoot, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  t.same(mapped.toSorted(), folders.map(({ name }) => name).toSorted());
});

t.test("every file that the walks name is there", async (t) => {
  const text = read("docs/architecture.md");
  const named = [...text.matchAll(/`((?:[a-z-]+\/)+[a-z-]+\.(?:ts|json))`/g)].map(([, path = ""]) => path);
  t.ok(named.length > 20);
  for (const path of new Set(named))
    t.ok(
      [join("src", path), path].some((one) => existsSync(join(projectRoot, one))),
      path,
    );
});

t.test("every decision is numbered in order, dated, listed, and names what it affects", async (t) => {
  const files = readdirSync(join(projectRoot, "docs/decisions")).filter((file) => file !== "README.md");
  const index = read("docs/decisions/README.md");
  for (const [at, file] of files.toSorted().entries()) {
    t.equal(Number(file.slice(0, 4)), at + 1, file);
    t.match(
      read(join("docs/decisions", file)),
      new RegExp(`^# ${at + 1}\\. .+\\n\\nDate: 20\\d\\d-\\d\\d-\\d\\d\\. Affects: \`[^\\n]+\\n\\n\\S`),
      file,
    );
    t.ok(index.includes(`(${file})`), `${file} is listed`);
  }
});

t.test("every path that a decision says it affects is there", async (t) => {
  for (const file of readdirSync(join(projectRoot, "docs/decisions"))) {
    const affects = /^Date: .* Affects: (.*)$/m.exec(read(join("docs/decisions", file)))?.[1] ?? "";
    for (const [, path = ""] of affects.matchAll(/`([^`]+)`/g)) t.ok(existsSync(join(projectRoot, path)), `${file}: ${path}`);
  }
});

t.test("every npm script that CONTRIBUTING.md names is there", async (t) => {
  const named = [...read("CONTRIBUTING.md").matchAll(/npm run ([a-z]+)/g)].map(([, name = ""]) => name);
  t.ok(named.length > 5);
  for (const name of new Set(named)) t.ok(name in scripts, name);
});
