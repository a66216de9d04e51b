/** Writes a file that must be created once and never replaced, such as a key; the first of several concurrent writers wins. */
import { constants, copyFile, link } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./error-code.ts";
import { makeFolder } from "./make-folder.ts";
import { withTemporaryFile } from "./temporary-file.ts";

/**
 * True: the file was created, complete and flushed, with its missing folders (0700). False: something of that name already exists (or a link) and
 * is unchanged. Rejects with the system's error and leaves nothing behind.
 */
export async function writeOnce(file: string, text: string | Buffer, mode: number): Promise<boolean> {
  await makeFolder(dirname(file), 0o700);
  try {
    await withTemporaryFile(file, { text, mode }, (temporary) =>
      link(temporary, file).catch((error: unknown) => placeWithoutLink(temporary, file, error)),
    );
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Some file systems have no hard links. A copy is not atomic, but also follows no link and replaces nothing. */
async function placeWithoutLink(temporary: string, file: string, error: unknown): Promise<void> {
  if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR"].includes(errorCode(error))) throw error;
  await copyFile(temporary, file, constants.COPYFILE_EXCL);
}
