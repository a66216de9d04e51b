/** Where mockttp is installed: in a package of the benchmark's own, so that nobody else needs its 190 packages. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../helpers/program.ts";

/** The package that depends on mockttp: modules are resolved from here. */
export const MOCKTTP_PACKAGE: string = join(projectRoot, "test", "bench", "package.json");

/** Whether `npm run bench` has installed it. */
export function isMockttpHere(): boolean {
  return existsSync(join(projectRoot, "test", "bench", "node_modules", "mockttp"));
}
