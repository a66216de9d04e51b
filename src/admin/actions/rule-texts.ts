/** The rules' texts for the page: files, written whole or not at all, or the texts that an embedding program handed in. */
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../../base/error-code.ts";
import { isMissing } from "../../base/is-missing.ts";
import { makeFolder } from "../../base/make-folder.ts";
import type { Problem } from "../../base/problem.ts";
import { writeWhole } from "../../base/write-whole.ts";
import { isRuleFile, readFiles } from "../../rules/files/read-files.ts";
import type { Source } from "../../rules/language/parse.ts";
import type { RuleTexts } from "../ports.ts";

/** Writes a file anew and renames it over the old one. */
type WriteWhole = (path: string, text: string, mode: number) => Promise<void>;

export interface FileTextsOptions {
  /** A path that does not exist holds no rules, and is made for the first one. */
  readonly mayBeMissing?: boolean | undefined;
  readonly whole?: WriteWhole;
}

/** The texts at `path`, a rules file or a folder of them. `reload` looks at the files now. */
export function createFileTexts(path: string, reload: () => Promise<void>, options: FileTextsOptions = {}): RuleTexts {
  const { mayBeMissing = false, whole = writeWhole } = options;
  return {
    read: async () => (mayBeMissing && (await isMissing(path)) ? { kind: "ok", sources: [], fingerprint: "" } : await readFiles(path)),
    async write(file, text) {
      if (mayBeMissing) await makeFolder(dirname(file), 0o755);
      await writeText(file, text, whole);
    },
    reload,
    home: isRuleFile(basename(path)) ? path : join(path, "rules.yaml"),
  };
}

/** Texts without files: `current` are those in force, `take` puts others in force or says what is wrong with them. */
export function createMemoryTexts(
  current: () => Promise<readonly Source[]>,
  take: (sources: readonly Source[]) => Promise<readonly Problem[]>,
): RuleTexts {
  const written = new Map<string, string>();
  return {
    read: async () => ({ kind: "ok", sources: await current(), fingerprint: "" }),
    async write(file, text) {
      written.set(file, text);
    },
    async reload() {
      const sources = await current();
      const kept = sources.map((source) => ({ file: source.file, text: written.get(source.file) ?? source.text }));
      const fresh = [...written]
        .filter(([file]) => !sources.some((source) => source.file === file))
        .map(([file, text]) => ({ file, text }));
      written.clear();
      await take([...kept, ...fresh]);
    },
    home: "rules",
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
