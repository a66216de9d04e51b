/** Writes a file whole or not at all: whoever reads it sees the old text or the new, whatever happens meanwhile. */
import { randomBytes } from "node:crypto";
import { open, rename, unlink } from "node:fs/promises";

/** What a temporary file of `writeWhole` is called, after the name of the file it was to become. */
export const TEMPORARY: RegExp = /\.[0-9a-f]{8}\.tmp$/;

/** A temporary file beside it, flushed, then renamed. `mode` holds from the first byte. Rejects with the system's error; nothing is left behind then. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      // The process's umask may have taken away what an existing file had.
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
