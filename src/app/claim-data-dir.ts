/** Notes in the data folder which process uses it, so that a second program there does not go unnoticed: each would count for itself. */
import { mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../files/error-code.ts";

/**
 * Leaves this process's id in `running.pid`, and warns when the process named there lives. Gives the function that takes the note away.
 * A folder that cannot be written is no trouble here: whoever needs it says so.
 */
export async function claimDataDir(dataDir: string, warn: (message: string) => void): Promise<() => Promise<void>> {
  const file = join(dataDir, "running.pid");
  const other = Number(await readFile(file, "utf8").catch(() => ""));
  if (other > 0 && other !== process.pid && isAlive(other)) {
    const remedy = "give each its own `--data-dir`, or let them share a Redis with `--state redis://…`";
    warn(`process ${other} uses the data folder \`${dataDir}\` too, so windows and tallies are not kept rightly; ${remedy}`);
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch(() => undefined);
  await writeFile(file, `${process.pid}\n`, { mode: 0o600 }).catch(() => undefined);
  return async () => {
    const holder = Number(await readFile(file, "utf8").catch(() => ""));
    if (holder === process.pid) await unlink(file).catch(() => undefined);
  };
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Another user's process lives too.
    return errorCode(error) === "EPERM";
  }
}
