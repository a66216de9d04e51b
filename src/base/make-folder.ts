/** Makes a folder with all that is missing above it. */
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./error-code.ts";

/**
 * The folder exists afterwards; `mode` (less the umask) is that of every folder made. Rejects with the system's error.
 * Not `mkdir(…, {recursive: true})`: where the system answers ENOENT although the parent exists, as in `/proc`, Node repeats it without end.
 */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (errorCode(error) !== "ENOENT") return await acceptFolder(folder, error);
    const parent = dirname(folder);
    if (parent === folder) throw error;
    await makeFolder(parent, mode);
    await mkdir(folder, { mode }).catch((again: unknown) => acceptFolder(folder, again));
  }
}

/** A folder that exists already is told by different codes on different systems. */
async function acceptFolder(folder: string, error: unknown): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw error;
}
