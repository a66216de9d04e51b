// `npm test [-- file …]`: installs the programs that tests drive, where it may, runs the tests, and ends by naming every test that was not run.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describeNotRun, readBroken, readNotRun } from "./not-run.mjs";
import { installPrograms } from "./programs.mjs";

// tap writes each file's own output there.
const RESULTS = join(".tap", "test-results");

await installPrograms();
rmSync(RESULTS, { recursive: true, force: true });
const files = process.argv.slice(2);
const words = [join("node_modules", "tap", "dist", "esm", "run.mjs"), ...files];
const { status } = spawnSync(process.execPath, words, { stdio: "inherit" });
const notRun = readNotRun(RESULTS);
process.stdout.write(describeNotRun(notRun));
const broken = status === 0 ? readBroken(RESULTS, files.some((word) => !word.startsWith("-")) ? [] : testFiles()) : [];
for (const line of broken) process.stdout.write(`the run is not whole: ${line}\n`);
const isRefused = broken.length > 0 || (notRun.length > 0 && process.env.CI === "true");
process.exitCode = status === 0 && isRefused ? 1 : (status ?? 1);

function testFiles() {
  const folder = join(".build", "test");
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".test.js"))
    .map((name) => join(folder, name));
}
