/** Writes a first rules file with its schema for the editor, and excludes keys and state from the repository. */
import { existsSync } from "node:fs";
import { appendFile, constants, copyFile, readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { packageRoot } from "../app/version.ts";
import { errorCode } from "../base/error-code.ts";
import { writeOnce } from "../base/write-once.ts";

export interface InitOptions {
  /** The project's folder, absolute. */
  readonly project: string;
  /** The rules file or folder, as given to `--rules`. */
  readonly rules: string;
  readonly dataDir: string;
}

const SCHEMA = "rules.schema.json";

/** Writes missing files and replaces none; returns one line per file. Rejects with the system's error. */
export async function initProject({ project, rules, dataDir }: InitOptions): Promise<readonly string[]> {
  const path = resolve(project, rules);
  const file = /\.ya?ml$/i.test(path) ? path : join(path, "rules.yaml");
  return [...(await writeRules(project, file)), ...(await ignoreDataDir(project, dataDir))];
}

async function writeRules(project: string, file: string): Promise<string[]> {
  const shown = relative(project, file);
  if (existsSync(file)) return [`${shown} exists and was not changed`];
  const installed = join(project, "node_modules", "antom-fault-proxy", "rules", SCHEMA);
  const schema = existsSync(installed) ? installed : join(dirname(file), SCHEMA);
  const example = await readFile(join(packageRoot, "rules", "rules.yaml"), "utf8");
  const line = `# yaml-language-server: $schema=${schemaReference(dirname(file), schema)}`;
  const examples = schema === installed ? "node_modules/antom-fault-proxy/rules/examples/ holds" : "the package's rules/examples/ holds";
  await writeOnce(file, example.replace(/^# yaml-language-server:.*/, line).replace("rules/examples/ holds", examples), 0o644);
  const told = [`${shown} written: no rule is active yet`];
  if (schema === installed) return told;
  // Run by npx, the package is in a cache that a later version may not use.
  await copyFile(join(packageRoot, "rules", SCHEMA), schema, constants.COPYFILE_EXCL).catch((error: unknown) => {
    if (errorCode(error) !== "EEXIST") throw error;
  });
  return [
    ...told,
    `${relative(project, schema)} written, for your editor; \`npm install --save-dev antom-fault-proxy\` keeps one up to date`,
  ];
}

function schemaReference(folder: string, schema: string): string {
  const path = relative(folder, schema).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

/** Adds the data folder to .gitignore, creating the file if needed; a data folder outside the project needs no entry. */
async function ignoreDataDir(project: string, dataDir: string): Promise<string[]> {
  const inside = relative(project, resolve(project, dataDir)).split(sep).join("/");
  if (inside === "" || inside.startsWith("..") || isAbsolute(inside)) return [];
  const file = join(project, ".gitignore");
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return "";
    throw error;
  });
  const entries = text.split(/\r?\n/).map((line) => line.trim().replace(/^\//, "").replace(/\/$/, ""));
  if (entries.includes(inside)) return [`.gitignore names ${inside} already`];
  await appendFile(file, `${text === "" || text.endsWith("\n") ? "" : "\n"}# keys and state of antom-fault-proxy\n${inside}/\n`);
  return [`.gitignore: added ${inside}/`];
}
