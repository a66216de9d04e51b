/** The process's entry: arguments in, exit code out. */
import { isatty } from "node:tty";
import { runCli } from "./cli/program.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  environment: process.env,
  terminal: isatty(1),
  stopSignal: () =>
    new Promise((resolve) => {
      const stop = (signal: NodeJS.Signals): void => {
        // A second signal, of either kind, ends the process at once, as it would without us.
        process.off("SIGTERM", stop).off("SIGINT", stop);
        resolve(signal);
      };
      process.on("SIGTERM", stop).on("SIGINT", stop);
    }),
});
