/** Writes a file atomically: a reader sees either the old text or the new one. */
import { randomBytes } from "node:crypto";
import { open, rename, unlink } from "node:fs/promises";

/** Suffix of the temporary files of `writeWhole`, after the name of the target file. */
export const TEMPORARY: RegExp = /\.[0-9a-f]{8}\.tmp$/;

/** Writes and flushes a temporary file in the same folder, then renames it. `mode` applies from the first byte. Rejects with the system's error and leaves nothing behind. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      // The process's umask may have removed bits of an existing file's mode.
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}
