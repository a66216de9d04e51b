/** The texts of the rules files: read together, written one by one, each whole or not at all. */
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../../base/error-code.ts";
import { isMissing } from "../../base/is-missing.ts";
import { makeFolder } from "../../base/make-folder.ts";
import { writeWhole } from "../../base/write-whole.ts";
import { type FilesRead, isRuleFile, readFiles } from "./read-files.ts";

/** Writes a file anew and renames it over the old one. */
type WriteWhole = (path: string, text: string, mode: number) => Promise<void>;

export interface FileTextsOptions {
  /** A path that does not exist holds no rules, and is made for the first one. */
  readonly mayBeMissing?: boolean | undefined;
  readonly whole?: WriteWhole;
}

/** The texts at a path. */
export interface RuleTexts {
  /** As they are now; not always what is in force. */
  read(): Promise<FilesRead>;
  /** Replaces one text whole; a file that does not exist yet is made. Rejects with a message for the user when it cannot be written. */
  write(file: string, text: string): Promise<void>;
  /** The file to which new rules are written. */
  readonly home: string;
}

/** The texts at `path`, a rules file or a folder of them. */
export function createRuleTexts(path: string, options: FileTextsOptions = {}): RuleTexts {
  const { mayBeMissing = false, whole = writeWhole } = options;
  return {
    read: async () => (mayBeMissing && (await isMissing(path)) ? { kind: "ok", sources: [], fingerprint: "" } : await readFiles(path)),
    async write(file, text) {
      if (mayBeMissing) await makeFolder(dirname(file), 0o755);
      await writeText(file, text, whole);
    },
    home: isRuleFile(basename(path)) ? path : join(path, "rules.yaml"),
  };
}

/** A link stays a link, the mode stays as it was. */
async function writeText(file: string, text: string, whole: WriteWhole): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o644,
  );
  const inPlace = (error: unknown): Promise<void> =>
    NO_RENAME.has(errorCode(error)) ? writeOver(target, text).catch(() => Promise.reject(error)) : Promise.reject(error);
  await whole(target, text, mode)
    .catch(inPlace)
    .catch((cause: unknown) => {
      throw new Error(`\`${file}\` cannot be written (${errorCode(cause)}); check its permissions, and those of its folder`, { cause });
    });
}

/** Renaming over a file fails where it is a mount of its own (EBUSY, EXDEV) or its folder cannot be written to. */
const NO_RENAME: ReadonlySet<string> = new Set(["EBUSY", "EXDEV", "EACCES", "EPERM", "EROFS"]);

async function writeOver(target: string, text: string): Promise<void> {
  const handle = await open(target, "r+");
  try {
    const before = await handle.readFile();
    await overwrite(handle, Buffer.from(text)).catch(async (error: unknown) => {
      // A full disk must not cost the rules that were there.
      await overwrite(handle, before);
      throw error;
    });
  } finally {
    await handle.close();
  }
}

async function overwrite(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at, bytes.length - at, at)).bytesWritten;
  await handle.truncate(bytes.length);
  await handle.sync();
}
