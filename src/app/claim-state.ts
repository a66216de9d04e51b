/** Keeps a second program away from the state file: each would count for itself, and `times: 3` would act six times. */
import { dirname, join } from "node:path";
import { errorCode } from "../base/error-code.ts";
import { makeFolder } from "../base/make-folder.ts";
import { claimExclusively } from "./exclusive-claim.ts";
import type { AppSettings } from "./settings.ts";
import { startupError } from "./startup-error.ts";

const NOTHING = async (): Promise<void> => undefined;

/**
 * Claims the state file until the function that it gives is called. Throws a StartupError where a living process holds it. A Redis is there to be shared;
 * a folder that cannot be written is left to those who need it.
 */
export async function claimState(
  { state, dataDir }: Pick<AppSettings, "state" | "dataDir">,
  warn: (message: string) => void,
): Promise<() => Promise<void>> {
  if (state?.kind !== "file") return NOTHING;
  const { path } = state;
  const denied = await makeFolder(dirname(path), 0o700).catch(errorCode);
  if (denied !== undefined) return NOTHING;
  const claim = await claimExclusively(path);
  switch (claim.kind) {
    case "owned":
      return claim.release;
    case "taken":
      throw takenError(path, dataDir);
    case "impossible":
      if (!["EACCES", "EROFS", "EPERM", "ENOSPC"].includes(claim.reason))
        warn(`a second program that uses \`${path}\` would not be noticed (no lock can be made there: ${claim.reason})`);
      return NOTHING;
    default:
      return claim satisfies never;
  }
}

function takenError(path: string, dataDir: string | undefined): Error {
  const shared = "or let them share a Redis with `redis://…`";
  if (dataDir !== undefined && path === join(dataDir, "state.json")) {
    const message = "another antom-fault-proxy is running with this data folder";
    return startupError("data-dir", dataDir, message, `stop it, or give each its own \`--data-dir\`, ${shared} in \`--state\``);
  }
  const message = "another antom-fault-proxy keeps its windows and tallies in this file";
  return startupError("data-dir", path, message, `stop it, or give each a state file of its own (\`--state\`, \`--data-dir\`), ${shared}`);
}
