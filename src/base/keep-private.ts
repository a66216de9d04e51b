/** Restricts a secret file to its owner. */
import { constants, open } from "node:fs/promises";

/**
 * Sets the mode of a regular file to 0600 if others have rights to it, as ssh requires. A link is left alone, because its target may
 * belong to someone else. Never rejects; on a file system without modes it has no effect.
 */
export async function keepPrivate(file: string): Promise<void> {
  // Windows supports neither flag.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return;
  try {
    const found = await handle.stat();
    if (found.isFile() && (found.mode & 0o077) !== 0) await handle.chmod(0o600);
  } catch {
    // Only the owner can change the mode.
  } finally {
    await handle.close();
  }
}
