// `npm run coverage [-- --write] [-- folder …]`: runs each source file's own test, and fails where it covers fewer lines than .ci/coverage.json demands.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const LIST = join(root, ".ci", "coverage.json");
const REPORT = join(root, ".tap", "report", "coverage-summary.json");

/** Percent of its lines that a file's own test covers, unless the list has a value for the file. */
export const LEAST_PERCENT = 80;

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.chdir(root);
  const words = process.argv.slice(2);
  process.exitCode = run(
    words.filter((word) => !word.startsWith("-")),
    words.includes("--write"),
  );
}

function run(folders, writes) {
  const isAsked = (file) =>
    folders.length === 0 || folders.some((folder) => file.startsWith(`src/${folder.replace(/^(?:src|test)\//, "")}`));
  const files = sourceFiles().filter(isAsked);
  const status = runTests(files);
  const found = percentsOf(files, existsSync(REPORT) ? JSON.parse(readFileSync(REPORT, "utf8")) : {});
  const list = JSON.parse(readFileSync(LIST, "utf8"));
  const faults = [...staleEntries(list), ...judge(found, list)];
  for (const fault of faults) process.stdout.write(`coverage: ${fault}\n`);
  if (writes && status === 0 && folders.length === 0) write(list, found);
  const listed = files.filter((file) => file in list.below).length;
  process.stdout.write(`coverage: ${files.length} files, ${listed} of them listed below ${LEAST_PERCENT} %, ${faults.length} at fault\n`);
  return status === 0 && faults.length === 0 ? 0 : 1;
}

/** Every source file that compiles to code; the page has a build and browser tests of its own. */
function sourceFiles() {
  return readdirSync("src", { recursive: true })
    .map((name) => join("src", name).replaceAll("\\", "/"))
    .filter((file) => /\.ts$/.test(file) && !file.startsWith("src/dashboard/") && hasCode(file))
    .toSorted();
}

function hasCode(file) {
  const code = readFileSync(join(".build", file.replace(/\.ts$/, ".js")), "utf8");
  return code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|export \{\};/g, "").trim() !== "";
}

/** Runs the own tests of `files` under tap with coverage; gives its exit code. */
function runTests(files) {
  rmSync(REPORT, { force: true });
  const tests = files
    .map((file) => join(".build", file.replace(/^src/, "test").replace(/\.ts$/, ".test.js")))
    .filter((test) => existsSync(test));
  if (tests.length === 0) return 0;
  const flags = [
    "--no-disable-coverage",
    "--coverage-map=.ci/coverage-map.mjs",
    "--coverage-report=json-summary",
    "--allow-incomplete-coverage",
  ];
  const tap = join("node_modules", "tap", "dist", "esm", "run.mjs");
  const { status } = spawnSync(process.execPath, [tap, "--reporter=terse", ...flags, ...tests], { stdio: "inherit" });
  return status ?? 1;
}

/** Whole percents of covered lines by file; 0 for one that no test mirrors. */
export function percentsOf(files, report) {
  const byFile = new Map(
    Object.entries(report).map(([path, { lines }]) => [relative(root, resolve(path)).replaceAll("\\", "/"), Math.floor(lines.pct)]),
  );
  return Object.fromEntries(files.map((file) => [file, byFile.get(file) ?? 0]));
}

/** One sentence for each file whose test covers too few of its lines. */
export function judge(found, { exempt, below }) {
  return Object.entries(found).flatMap(([file, percent]) => {
    if (file in exempt) return [];
    const least = below[file] ?? LEAST_PERCENT;
    return percent < least ? [`${file}: its own test covers ${percent} % of its lines, ${least} % are demanded`] : [];
  });
}

/** The list anew: no value is lowered; files that are good or gone leave it, and those that are new and below come in, for a review to accept. */
export function rewritten(found, below) {
  const values = Object.entries(found).map(([file, percent]) => [file, Math.max(percent, below[file] ?? 0)]);
  return Object.fromEntries(values.filter(([, percent]) => percent < LEAST_PERCENT).toSorted());
}

function write({ exempt, below }, found) {
  const judged = Object.entries(found).filter(([file]) => !(file in exempt));
  writeFileSync(LIST, `${JSON.stringify({ exempt, below: rewritten(Object.fromEntries(judged), below) }, undefined, 2)}\n`);
}

function staleEntries({ exempt, below }) {
  return [...Object.keys(exempt), ...Object.keys(below)]
    .filter((file) => !existsSync(file))
    .map((file) => `${file}: is listed in .ci/coverage.json and is not there; remove it or write its new name`);
}
