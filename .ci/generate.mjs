// Writes the files and sections that are made from code: rules/rules.schema.json, the README's tables. `--check` only says what is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { vocabulary } = await import("../dist/app/vocabulary.js");
const { rulesSchema } = await import("../dist/rules/language/schema.js");
const { metricsTable } = await import("../dist/observe/metrics/metric-definitions.js");
const { settingsTable } = await import("../dist/config/settings-table.js");

const made = new Map([
  ["rules/rules.schema.json", `${JSON.stringify(rulesSchema(vocabulary), null, 1)}\n`],
  ["README.md", fill(read("README.md"), { settings: settingsTable(), metrics: metricsTable() })],
]);
const stale = [...made].filter(([file, text]) => read(file) !== text);

if (process.argv.includes("--check")) {
  for (const [file] of stale) console.error(`${file} is stale: run \`npm run generate\` and commit it`);
  process.exit(stale.length === 0 ? 0 : 1);
}
for (const [file, text] of stale) {
  writeFileSync(join(root, file), text);
  console.log(`wrote ${file}`);
}

function read(file) {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch {
    return "";
  }
}

function fill(text, sections) {
  return Object.entries(sections).reduce((filled, [name, section]) => {
    const pattern = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!pattern.test(filled)) throw new Error(`README.md has no place for the generated section ${name}`);
    return filled.replace(pattern, (_, start, end) => `${start}${section}\n${end}`);
  }, text);
}
