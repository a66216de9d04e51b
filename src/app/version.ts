/** The version of this program, from its package.json. */
import { readFileSync } from "node:fs";

/** `1.2.3`. */
export const packageVersion: string = readVersion();

function readVersion(): string {
  // src/app and dist/app lie equally deep below the package's root; so do they in the tests' build, one level further down.
  for (const up of ["../../package.json", "../../../package.json"]) {
    const text = readIfThere(new URL(up, import.meta.url));
    const found = /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return "0.0.0";
}

function readIfThere(url: URL): string {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return "";
  }
}
