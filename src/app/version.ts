/** The version of this program, from its package.json, and where the package lies. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const found: { readonly version: string; readonly root: string } = readPackage();

/** `1.2.3`. */
export const packageVersion: string = found.version;

/** Absolute path of the folder of package.json, where `rules/` is. */
export const packageRoot: string = found.root;

function readPackage(): { version: string; root: string } {
  // src/app and dist/app lie equally deep below the package's root; so do they in the tests' build, one level further down.
  for (const up of ["../../package.json", "../../../package.json"]) {
    const file = new URL(up, import.meta.url);
    const version = /"version"\s*:\s*"([^"]+)"/.exec(readIfThere(file))?.[1];
    if (version !== undefined) return { version, root: fileURLToPath(new URL(".", file)) };
  }
  return { version: "0.0.0", root: process.cwd() };
}

function readIfThere(url: URL): string {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return "";
  }
}
