/** The command line: registers the commands and maps errors to exit codes. */
import { Command, CommanderError } from "commander";
import { StartupError } from "../app/startup-error.ts";
import { packageVersion } from "../app/version.ts";
import { addCa } from "./ca-command.ts";
import { addCheck } from "./check-command.ts";
import { addCodes } from "./codes-command.ts";
import { addConnect } from "./connect-command.ts";
import { addDoctor } from "./doctor-command.ts";
import { exitCodes } from "./exit-codes.ts";
import { addExplain } from "./explain-command.ts";
import { addInit } from "./init-command.ts";
import type { Io } from "./io.ts";
import type { Registry } from "./registry.ts";
import { addSandbox } from "./sandbox-command.ts";
import { addStart } from "./start-command.ts";
import { unknownCommand } from "./unknown-command.ts";

/** Runs one command and returns its exit code. Never rejects. */
export async function runCli(words: readonly string[], io: Io): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = new Command("antom-fault-proxy")
    .description("A fault-injecting proxy for Antom's payment API. Without a command: start.")
    .version(packageVersion)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showSuggestionAfterError()
    .showHelpAfterError("(`antom-fault-proxy --help` lists commands and flags)");
  const registry: Registry = {
    program,
    io,
    done: (code) => {
      exitCode = code;
    },
  };
  for (const add of [addStart, addCheck, addCodes, addExplain, addConnect, addCa, addDoctor, addSandbox, addInit]) add(registry);
  const unknown = unknownCommand(
    words,
    program.commands.map((command) => command.name()),
  );
  if (unknown !== undefined) {
    io.err(unknown);
    return exitCodes.settings;
  }
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    return reportError(error, io);
  }
}

function reportError(error: unknown, io: Io): number {
  // commander has already printed its message; help and version exit with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.settings;
  if (error instanceof StartupError) {
    io.err(`${error.message}\n`);
    return exitCodes[error.trouble];
  }
  io.err(bugText(error));
  return exitCodes.bug;
}

/** The text for an unexpected error, with a final line feed. */
export function bugText(error: unknown): string {
  return `bug in antom-fault-proxy, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}
