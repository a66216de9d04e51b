/** Takes a secret file back from others than its owner. */
import { constants, open } from "node:fs/promises";

/**
 * Sets the mode of a regular file to 0600 where others have rights to it, as ssh asks for. A link is left alone: what it points to may be
 * another's. Never rejects; on a file system without modes nothing happens.
 */
export async function keepPrivate(file: string): Promise<void> {
  // Windows knows neither flag.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return;
  try {
    const found = await handle.stat();
    if (found.isFile() && (found.mode & 0o077) !== 0) await handle.chmod(0o600);
  } catch {
    // Only the owner may.
  } finally {
    await handle.close();
  }
}
