// The tests that a run left out, read from its TAP output, and the words about them.
import { packagesFor } from "../.build/test/helpers/programs.js";

/** `{ file, name, reason }` of each test marked SKIP or TODO; `file` is the source, `name` is empty where the whole file was left out. */
export function readNotRun(tap) {
  const found = [];
  let file = "";
  for (const line of tap.split("\n")) {
    const begun = /^(?:# Subtest: |(?:not )?ok \d+ - )(\S+)/.exec(line);
    if (begun) file = begun[1].replace(/^\.build\//, "").replace(/\.js$/, ".ts");
    const marked = /^( *)(?:not )?ok \d+(?: - (.*?))? # (SKIP|TODO)\b *(.*)$/.exec(line);
    if (marked) found.push({ file, ...nameAndReason(marked) });
  }
  return found;
}

function nameAndReason([, indent, name = "", mark, reason]) {
  return { name: indent === "" ? "" : plain(name), reason: plain(reason) || `marked ${mark}` };
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
