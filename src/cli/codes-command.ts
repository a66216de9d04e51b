/** `codes`: lists an API's result codes from the catalogue. */
import { Option } from "commander";
import { codesText } from "./codes.ts";
import type { Registry } from "./registry.ts";

export function addCodes({ program, io, done }: Registry): void {
  program
    .command("codes")
    .description("list Antom's APIs, the result codes of one, or (`*`) every code")
    .argument("[api]", "an API's name, such as pay")
    .addOption(new Option("--format <format>").choices(["text", "json"]).default("text"))
    .action((api: string | undefined, flags: { readonly format: "text" | "json" }) => {
      const { text, exitCode } = codesText(api, flags.format);
      if (exitCode === 0 || flags.format === "json") io.out(text);
      else io.err(text);
      done(exitCode);
    });
}
