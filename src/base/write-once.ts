/** Writes a file that must be made once and never replaced, such as a key: of several writers at once the first wins. */
import { randomBytes } from "node:crypto";
import { constants, copyFile, link, open, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./error-code.ts";
import { makeFolder } from "./make-folder.ts";

/**
 * True: the file was made, whole and flushed, its missing folders too (0700); false: something of that name exists already, a link included, and
 * is unchanged. Rejects with the system's error; nothing is left behind then.
 */
export async function writeOnce(file: string, text: string | Buffer, mode: number): Promise<boolean> {
  await makeFolder(dirname(file), 0o700);
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      // The process's umask may have taken bits away.
      await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(temporary, file).catch((error: unknown) => placeWithoutLink(temporary, file, error));
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** Some file systems have no hard links. A copy is not atomic, but follows no link and replaces nothing either. */
async function placeWithoutLink(temporary: string, file: string, error: unknown): Promise<void> {
  if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR"].includes(errorCode(error))) throw error;
  await copyFile(temporary, file, constants.COPYFILE_EXCL);
}
