/** Creates the flags of a command from the table of settings. */
import { type Command, Option } from "commander";
import { environmentOf, flagOf, type SettingName, settings } from "../config/settings.ts";

/** Adds the flags `names` (default: all settings) and `--config` to `command`. */
export function addSettings(command: Command, names: readonly SettingName[] = settingNames()): Command {
  for (const name of names) command.addOption(optionOf(name));
  return command.option("--config <file>", "a settings file (default: antom-fault-proxy.yaml if it exists)");
}

function settingNames(): SettingName[] {
  return Object.keys(settings).filter((name): name is SettingName => name in settings);
}

function optionOf(name: SettingName): Option {
  const { argument, help, standard, many } = settings[name];
  const shown = standard === undefined || argument === undefined ? help : `${help} (default: ${standard})`;
  const option = new Option([flagOf(name), argument].filter((part) => part !== undefined).join(" "), `${shown} [${environmentOf(name)}]`);
  return many ? option.argParser((value: string, earlier: string[] | undefined) => [...(earlier ?? []), value]) : option;
}
