/** The settings as a Markdown table, for the README. */
import { flagOf, settings } from "./settings.ts";

/** One row per setting: flag, default, meaning. */
export function settingsTable(): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const argument = setting.argument === undefined ? "" : ` ${setting.argument}`;
    const standard = setting.standard === undefined || setting.argument === undefined ? "" : `\`${setting.standard}\``;
    return `| \`${escapePipes(flagOf(name) + argument)}\` | ${standard} | ${setting.help} |`;
  });
  return ["| flag | default | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

function escapePipes(text: string): string {
  return text.replaceAll("|", "\\|");
}
