/** Temporary files beside the file that they are to become: complete and flushed before they take its name. */
import { randomBytes } from "node:crypto";
import { open, unlink } from "node:fs/promises";

/** Suffix of a temporary file, after the name of the target file. */
export const TEMPORARY: RegExp = /\.[0-9a-f]{8}\.tmp$/;

/** What a file is to hold, and its mode (`0o600`), which applies from the first byte. */
export interface FileContent {
  readonly text: string | Buffer;
  readonly mode: number;
}

/** Writes and flushes a temporary file in the folder of `path`, lets `place` give it its name, and removes what is left of it. Rejects with the system's error. */
export async function withTemporaryFile(
  path: string,
  { text, mode }: FileContent,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      // The process's umask may have removed bits.
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
  } finally {
    // Missing where it was renamed, or could not be created.
    await unlink(temporary).catch(() => undefined);
  }
}
