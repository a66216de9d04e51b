/** Creates a folder and its missing parents.  */
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./error-code.ts";

/**
 * Creates the folder; every created folder gets `mode` (less the umask). Rejects with the system's error.
 * Not `mkdir(…, {recursive: true})`: when the system answers ENOENT although the parent exists, as in `/proc`, Node repeats it forever.
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

/** Systems report an existing folder with different codes. */
async function acceptFolder(folder: string, error: unknown): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw error;
}
