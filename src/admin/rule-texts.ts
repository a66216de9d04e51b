/** The rules' texts for the page: files, written whole or not at all, or the texts that an embedding program handed in. */
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../files/error-code.ts";
import { isMissing } from "../files/is-missing.ts";
import { makeFolder } from "../files/make-folder.ts";
import { writeWhole } from "../files/write-whole.ts";
import type { Problem } from "../problem.ts";
import type { Source } from "../rules/parse.ts";
import { isRuleFile, readFiles } from "../rules/read-files.ts";
import type { RuleTexts } from "./ports.ts";

/**
 * The texts at `path`, a rules file or a folder of them. `reload` looks at the files now. With `mayBeMissing` a path that does not exist holds no rules, and
 * is made for the first one.
 */
export function createFileTexts(path: string, reload: () => Promise<void>, mayBeMissing = false): RuleTexts {
  return {
    read: async () => (mayBeMissing && (await isMissing(path)) ? { kind: "ok", sources: [], fingerprint: "" } : await readFiles(path)),
    async write(file, text) {
      if (mayBeMissing) await makeFolder(dirname(file), 0o755);
      await writeText(file, text);
    },
    reload,
    home: isRuleFile(basename(path)) ? path : join(path, "rules.yaml"),
  };
}

/** Texts without files. `take` puts them in force or says what is wrong with them. */
export function createMemoryTexts(
  initial: readonly Source[],
  take: (sources: readonly Source[]) => Promise<readonly Problem[]>,
): RuleTexts {
  let sources = initial;
  return {
    read: async () => ({ kind: "ok", sources, fingerprint: "" }),
    async write(file, text) {
      const others = sources.filter((source) => source.file !== file);
      sources =
        others.length === sources.length ? [...sources, { file, text }] : sources.map((one) => (one.file === file ? { file, text } : one));
    },
    async reload() {
      await take(sources);
    },
    home: initial[0]?.file ?? "rules",
  };
}

/** A link stays a link, the mode stays as it was. */
async function writeText(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o644,
  );
  await writeWhole(target, text, mode).catch((cause: unknown) => {
    throw new Error(`\`${file}\` cannot be written (${errorCode(cause)})`, { cause });
  });
}
