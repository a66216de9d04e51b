/** Loads flags, environment and settings file for every command that needs a Config. */
import { readFile } from "node:fs/promises";
import { StartupError, startupError } from "../app/startup-error.ts";
import { errorCode } from "../base/error-code.ts";
import type { Config } from "../config/config.ts";
import { readConfig } from "../config/read-config.ts";

const STANDARD_FILE = "antom-fault-proxy.yaml";

/** The Config; throws a StartupError with all problems. `flags.config` names a settings file other than the default one. */
export async function loadConfig(
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Config> {
  const named = typeof flags["config"] === "string" ? flags["config"] : environment["ANTOM_FAULT_PROXY_CONFIG"];
  const path = named ?? STANDARD_FILE;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (named === undefined && errorCode(error) === "ENOENT") return undefined;
    throw startupError("settings", path, "the settings file cannot be read", "give an existing file with `--config`");
  });
  const read = readConfig({ flags, environment, file: text === undefined ? undefined : { path, text } });
  if (read.kind === "bad") throw new StartupError("settings", read.problems);
  return read.config;
}
