/** `check`: reports all problems in rules files before they are used. */
import { Option } from "commander";
import { vocabulary } from "../app/vocabulary.ts";
import { loadAll } from "../rules/files/load.ts";
import { type CheckFormat, checkText } from "./check.ts";
import { loadConfig } from "./load-config.ts";
import { addSettings } from "./options.ts";
import type { Registry } from "./registry.ts";

export function addCheck({ program, io, done }: Registry): void {
  const command = program
    .command("check")
    .description("check rules files or folders (default: --rules); exits with 1 when there are problems")
    .argument("[paths...]", "rules files or folders")
    .addOption(new Option("--format <format>").choices(["text", "json", "github"]).default("text"));
  addSettings(command, ["rules"]).action(async (paths: string[], flags: { readonly format: CheckFormat }) => {
    const { format, ...settings } = flags;
    const named = paths.length > 0 ? paths : [(await loadConfig(settings, io.environment)).rules];
    const { text, exitCode } = checkText(await loadAll(named, vocabulary), format);
    io.out(text);
    done(exitCode);
  });
}
