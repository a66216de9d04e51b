/** Finds and reads the rules files of a path. */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../base/error-code.ts";
import type { Problem } from "../../base/problem.ts";
import { MOST_FILES, MOST_TEXT, TOO_MUCH_TEXT, tooMuch } from "../language/limits.ts";
import type { Source } from "../language/parse.ts";
import { placeAt } from "../language/text/frame.ts";

/** The files' contents, or why they cannot be read. `fingerprint` changes exactly when names or contents change. */
export type FilesRead =
  | { readonly kind: "ok"; readonly sources: readonly Source[]; readonly fingerprint: string }
  | { readonly kind: "bad"; readonly problems: readonly Problem[]; readonly fingerprint: string };

/** Number of files read concurrently. */
const AT_ONCE = 32;

/** Reads `path`: one file, or every `*.yaml` and `*.yml` of a folder in order of name (without subfolders, hidden files and editors' files). */
export async function readFiles(path: string): Promise<FilesRead> {
  try {
    const read = (await stat(path)).isDirectory() ? await readFolder(path) : [await readSource(path)];
    const problems = read.filter((one) => "message" in one);
    const sources = read.filter((one) => "text" in one);
    const fingerprint = fingerprintOf(read);
    return problems.length > 0 ? { kind: "bad", problems, fingerprint } : { kind: "ok", sources, fingerprint };
  } catch (error) {
    const problem = unreadable(path, error);
    return { kind: "bad", problems: [problem], fingerprint: fingerprintOf([problem]) };
  }
}

/** Whether a file of this name contains rules: `.yaml` or `.yml`, not hidden, not an editor's lock, backup or temporary file. */
export function isRuleFile(name: string): boolean {
  return /^[^.#~].*\.ya?ml$/i.test(name);
}

/** Reads all files of the folder; returns one problem instead when they are too many or too large. */
async function readFolder(folder: string): Promise<readonly (Source | Problem)[]> {
  const names = await ruleFilesIn(folder);
  if (names.length > MOST_FILES)
    return [
      problemAt(folder, `the folder holds ${names.length} rules files, and ${MOST_FILES} are the most`, "put several rules into one file"),
    ];
  const read: (Source | Problem)[] = [];
  let characters = 0;
  for (let next = 0; next < names.length && characters <= MOST_TEXT; next += AT_ONCE) {
    const batch = await Promise.all(names.slice(next, next + AT_ONCE).map((name) => readSourceIn(folder, name)));
    for (const one of batch) characters += "text" in one ? one.text.length : 0;
    read.push(...batch);
  }
  return read;
}

async function ruleFilesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => isRuleFile(entry.name) && !entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Reads only regular files and links to them: reading a pipe would block this and every later reload. */
async function readSourceIn(folder: string, name: string): Promise<Source | Problem> {
  const file = join(folder, name);
  try {
    if ((await stat(file)).isFile()) return await readSource(file);
    return problemAt(file, "it is not a regular file", "use such names only for rules files, or give it another extension");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return problemAt(file, "file not found", "the link has no target, or the file was just removed");
    return unreadable(file, error);
  }
}

async function readSource(file: string): Promise<Source | Problem> {
  try {
    const { size } = await stat(file);
    if (size > MOST_TEXT) return tooMuch(file, TOO_MUCH_TEXT);
    const bytes = await readFile(file);
    const text = bytes.toString("utf8");
    return unreadableText(file, bytes, text) ?? { file, text };
  } catch (error) {
    return unreadable(file, error);
  }
}

/** Why `bytes` are not text, with the place; `text` is the decoded form. */
function unreadableText(file: string, bytes: Buffer, text: string): Problem | undefined {
  const nul = text.indexOf("\u0000");
  if (nul >= 0 || /^\xff\xfe|^\xfe\xff/.test(bytes.toString("latin1", 0, 2)))
    return problemAt(file, "the file is not UTF-8 text but perhaps UTF-16", "save it as UTF-8");
  const lost = text.indexOf("\ufffd");
  if (lost < 0) return undefined;
  const place = placeAt(text, lost, 1);
  return isUtf8(bytes)
    ? {
        file,
        ...place,
        message: "U+FFFD stands for a character that was lost when this text was converted",
        remedy: "type the right one again",
      }
    : { file, ...place, message: "the file is not UTF-8 text from here on", remedy: "save it as UTF-8" };
}

function unreadable(path: string, error: unknown): Problem {
  const code = errorCode(error);
  if (code === "ENOENT")
    return problemAt(path, "file or folder not found", "create it (an empty folder is sufficient), or name a rules file or folder");
  const remedy = code === "ELOOP" ? "the link leads back to itself" : "check its permissions";
  return problemAt(path, `it cannot be read (${code})`, remedy);
}

function problemAt(file: string, message: string, remedy: string): Problem {
  return { file, line: undefined, column: undefined, message, remedy, frame: undefined };
}

/** Changes when, and only when, the names or texts (or problems) do; `read` in order of file name. */
export function fingerprintOf(read: readonly (Source | Problem)[]): string {
  const hash = createHash("sha256");
  for (const one of read) hash.update(JSON.stringify([one.file, "text" in one ? one.text : one.message]));
  return hash.digest("hex");
}
