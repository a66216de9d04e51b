// `npm test [-- file …]`: installs the programs that tests drive, where it may, runs the tests, and ends by naming every test that was not run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeNotRun, readNotRun } from "./not-run.mjs";
import { installPrograms } from "./programs.mjs";

const RESULTS = join(".tap", "results.tap");

await installPrograms();
mkdirSync(dirname(RESULTS), { recursive: true });
rmSync(RESULTS, { force: true });
const words = [join("node_modules", "tap", "dist", "esm", "run.mjs"), `--output-file=${RESULTS}`, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, words, { stdio: "inherit" });
const notRun = existsSync(RESULTS) ? readNotRun(readFileSync(RESULTS, "utf8")) : [];
process.stdout.write(describeNotRun(notRun));
process.exitCode = status === 0 && notRun.length > 0 && process.env.CI === "true" ? 1 : (status ?? 1);
