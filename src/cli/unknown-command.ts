/** Detects an unknown first word, before `start` takes it for an argument. */
import { distance } from "fastest-levenshtein";

/** The error message, with the nearest of `commands` if any is near; undefined when the first word is a command or a flag, or missing. */
export function unknownCommand(words: readonly string[], commands: readonly string[]): string | undefined {
  const [word] = words;
  if (word === undefined || word.startsWith("-") || word === "help" || commands.includes(word)) return undefined;
  const near = commands.find((command) => distance(word, command) <= 2);
  const remedy = near === undefined ? `the commands are ${commands.join(", ")}` : `did you mean \`${near}\`?`;
  return `unknown command \`${word}\`; ${remedy}\n`;
}
