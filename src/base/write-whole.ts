/** Writes a file atomically: a reader sees either the old text or the new one. */
import { rename } from "node:fs/promises";
import { withTemporaryFile } from "./temporary-file.ts";

/** Writes and flushes a temporary file in the same folder, then renames it. `mode` applies from the first byte. Rejects with the system's error and leaves nothing behind. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await withTemporaryFile(path, { text, mode }, (temporary) => rename(temporary, path));
}
