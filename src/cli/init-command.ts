/** `init`: writes a first rules file and excludes the data folder from the repository. */
import { startupError } from "../app/startup-error.ts";
import { errorCode } from "../base/error-code.ts";
import { exitCodes } from "./exit-codes.ts";
import { initProject } from "./init.ts";
import { loadConfig } from "./load-config.ts";
import { addSettings } from "./options.ts";
import type { Registry } from "./registry.ts";

export function addInit({ program, io, done }: Registry): void {
  const command = program
    .command("init")
    .description("write a first rules file, and keep the data folder out of the repository; replaces nothing");
  addSettings(command, ["rules", "dataDir"]).action(async (flags: Record<string, unknown>) => {
    const { rules, dataDir } = await loadConfig(flags, io.environment);
    const project = process.cwd();
    const lines = await initProject({ project, rules, dataDir }).catch((error: unknown) => {
      throw startupError("settings", rules, `the project cannot be set up (${errorCode(error)})`, "check that the folder can be written");
    });
    io.out(`${lines.join("\n")}\nNext: antom-fault-proxy start\n`);
    done(exitCodes.ok);
  });
}
