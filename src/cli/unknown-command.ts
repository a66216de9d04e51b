/** What to say to a first word that is no command, before `start` would take it for an argument of its own. */
import { distance } from "fastest-levenshtein";

/** The message, with the nearest of `commands` where one is near; undefined: the first word is a command or a flag, or there is none. */
export function unknownCommand(words: readonly string[], commands: readonly string[]): string | undefined {
  const [word] = words;
  if (word === undefined || word.startsWith("-") || word === "help" || commands.includes(word)) return undefined;
  const near = commands.find((command) => distance(word, command) <= 2);
  const remedy = near === undefined ? `there are ${commands.join(", ")}` : `did you mean \`${near}\`?`;
  return `\`${word}\` is no command; ${remedy}\n`;
}
