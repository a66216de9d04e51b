// `npm test [-- file …]`: installs the programs that tests drive, where it may, runs the tests, and ends by naming every test that was not run.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describeNotRun, readNotRun } from "./not-run.mjs";
import { installPrograms } from "./programs.mjs";

// tap writes each file's own output there.
const RESULTS = join(".tap", "test-results");

await installPrograms();
rmSync(RESULTS, { recursive: true, force: true });
const words = [join("node_modules", "tap", "dist", "esm", "run.mjs"), ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, words, { stdio: "inherit" });
const notRun = readNotRun(RESULTS);
process.stdout.write(describeNotRun(notRun));
process.exitCode = status === 0 && notRun.length > 0 && process.env.CI === "true" ? 1 : (status ?? 1);
