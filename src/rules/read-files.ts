/** Finds and reads the rules files that a path stands for. */
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../files/error-code.ts";
import type { Problem } from "../problem.ts";
import type { Source } from "./parse.ts";

/** The files as they stand, or why they cannot be read. `fingerprint` changes when, and only when, names or contents do. */
export type FilesRead =
  | { readonly kind: "ok"; readonly sources: readonly Source[]; readonly fingerprint: string }
  | { readonly kind: "bad"; readonly problems: readonly Problem[]; readonly fingerprint: string };

/** Larger files are refused: nobody writes 32 MiB of rules by hand. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Reads `path`: one file, or every `*.yaml` and `*.yml` of a folder in order of name (subfolders, hidden and editors' files left out). */
export async function readFiles(path: string): Promise<FilesRead> {
  try {
    const isFolder = (await stat(path)).isDirectory();
    const read = isFolder ? await Promise.all((await ruleFilesIn(path)).map((name) => readSourceIn(path, name))) : [await readSource(path)];
    const problems = read.filter((one) => "message" in one);
    const sources = read.filter((one) => "text" in one);
    const fingerprint = fingerprintOf(read);
    return problems.length > 0 ? { kind: "bad", problems, fingerprint } : { kind: "ok", sources, fingerprint };
  } catch (error) {
    const problem = unreadable(path, error);
    return { kind: "bad", problems: [problem], fingerprint: fingerprintOf([problem]) };
  }
}

/** Whether a file of this name holds rules: `.yaml` or `.yml`, not hidden, no editor's lock, backup or temporary file. */
export function isRuleFile(name: string): boolean {
  return /^[^.#~].*\.ya?ml$/i.test(name);
}

async function ruleFilesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => isRuleFile(entry.name) && !entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Only a regular file, or a link to one: a pipe would keep the reader waiting for ever, and with it every later reload. */
async function readSourceIn(folder: string, name: string): Promise<Source | Problem> {
  const file = join(folder, name);
  try {
    if ((await stat(file)).isFile()) return await readSource(file);
    return problemAt(file, "it is no regular file", "keep only rules files under such a name, or give it another ending");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return problemAt(file, "there is no such file", "the link points nowhere, or it was just removed");
    return unreadable(file, error);
  }
}

async function readSource(file: string): Promise<Source | Problem> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) return problemAt(file, `the file is larger than ${MOST_BYTES / 1024 / 1024} MiB`, "split it");
    const bytes = await readFile(file);
    const text = bytes.toString("utf8");
    return text.includes("\u0000") || text.includes("\ufffd")
      ? problemAt(file, "the file is not UTF-8 text", "save it as UTF-8")
      : { file, text };
  } catch (error) {
    return unreadable(file, error);
  }
}

function unreadable(path: string, error: unknown): Problem {
  const code = errorCode(error);
  if (code === "ENOENT")
    return problemAt(
      path,
      "there is no such file or folder",
      "make it (an empty folder will do), or name a rules file or a folder of them",
    );
  const remedy = code === "ELOOP" ? "the link leads back to itself" : "check its permissions";
  return problemAt(path, `it cannot be read (${code})`, remedy);
}

function problemAt(file: string, message: string, remedy: string): Problem {
  return { file, line: undefined, column: undefined, message, remedy, frame: undefined };
}

function fingerprintOf(read: readonly (Source | Problem)[]): string {
  const hash = createHash("sha256");
  for (const one of read) hash.update(JSON.stringify([one.file, "text" in one ? one.text : one.message]));
  return hash.digest("hex");
}
