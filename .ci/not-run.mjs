// The tests that a run left out, read from the TAP output of its files, and the words about them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packagesFor } from "../.build/test/helpers/programs.js";

/**
 * `{ file, name, reason }` of each test marked SKIP or TODO in the outputs below `folder`. `file` is the source; `name` is empty where a whole file
 * was left out.
 */
export function readNotRun(folder) {
  return outputsIn(folder).flatMap((name) =>
    readOutput(readFileSync(join(folder, name), "utf8")).map((test) => ({ file: sourceOf(name), ...test })),
  );
}

/**
 * What is wrong with the outputs below `folder` although the runner ended with 0: a file whose output breaks off or has a failure, or, of the test
 * files in `expected`, one without output.
 */
export function readBroken(folder, expected) {
  const broken = [];
  for (const name of outputsIn(folder)) {
    const tap = readFileSync(join(folder, name), "utf8");
    if (!/^1\.\.\d+/m.test(tap)) broken.push(`${sourceOf(name)}: its output breaks off`);
    else if (/^not ok \d+(?!.* # (?:SKIP|TODO)\b)/m.test(tap)) broken.push(`${sourceOf(name)}: a test failed`);
  }
  return [...broken, ...expected.filter((file) => !existsSync(join(folder, `${file}.tap`))).map((file) => `${file}: was not started`)];
}

function outputsIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".tap"))
    .toSorted();
}

function sourceOf(output) {
  return output
    .replaceAll("\\", "/")
    .replace(/^\.build\//, "")
    .replace(/\.js\.tap$/, ".ts");
}

function readOutput(tap) {
  const empty = /^1\.\.0\b(?: # *(.*))?$/m.exec(tap);
  if (empty !== null) return [{ name: "", reason: plain(empty[1] ?? "no tests") }];
  return [...tap.matchAll(/^ *(?:not )?ok \d+(?: - (.*?))? # (SKIP|TODO)\b *(.*)$/gm)].map(([, name = "", mark, reason]) => ({
    name: plain(name),
    reason: plain(reason) || `marked ${mark}`,
  }));
}

// TAP escapes `#` and `\`; a buffered subtest's line ends in its time and a brace.
function plain(text) {
  return text.replace(/( # time=\S+)?( \{)?$/, "").replaceAll(/\\([#\\])/g, "$1");
}

/** A line for each file and reason, then the command that installs what they lack; empty when everything was run. */
export function describeNotRun(found) {
  if (found.length === 0) return "";
  const groups = new Map();
  for (const { file, name, reason } of found) {
    const key = `${file} (${reason})`;
    groups.set(
      key,
      [...(groups.get(key) ?? []), name].filter((one) => one !== ""),
    );
  }
  const lines = [...groups].map(([key, names]) => `  ${[key, names.join("; ")].filter((part) => part !== "").join(": ")}`);
  const packages = [...new Set(found.flatMap(({ reason }) => packagesFor(reason)))].toSorted();
  const remedy = packages.length === 0 ? [] : [`to run them: sudo apt-get install -y --no-install-recommends ${packages.join(" ")}`];
  return `${["", `not run here: ${found.length}`, ...lines, ...remedy].join("\n")}\n`;
}
