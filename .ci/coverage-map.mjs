// tap's coverage map: a test file covers the source file that it mirrors, test/rules/parse.test.ts src/rules/parse.ts, and no other; end-to-end tests cover none.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The built source file of the built test file `test` (`.build/test/….test.js`); null where it mirrors none. */
// biome-ignore lint/style/noDefaultExport: tap asks for it
export default function sourceOf(test) {
  const source = test
    .replaceAll("\\", "/")
    .replace(/^\.build\/test\//, ".build/src/")
    .replace(/\.test\.js$/, ".js");
  return existsSync(join(process.cwd(), source)) ? source : null;
}
