/** The process's entry: arguments in, exit code out. */
import { isatty } from "node:tty";
import { exitCodes } from "./cli/exit-codes.ts";
import type { BugListener } from "./cli/io.ts";
import { bugText, runCli } from "./cli/program.ts";
import { isHangUpIgnored, waitForStop } from "./cli/stop-signal.ts";
import { createLogSink } from "./observe/log/log-sink.ts";

// A reader that went away (`| head`) is told to the writes; unheard, the event would end the process with a stack.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

// A callback that threw must not end a proxy that others rely on; before the proxy runs nobody does.
let onBug: BugListener = (error) => {
  process.stderr.write(bugText(error));
  process.exit(exitCodes.bug);
};
process.on("uncaughtException", (error) => onBug(error));

const hangUpIgnored = isHangUpIgnored(process.env, 0);
if (hangUpIgnored) process.on("SIGHUP", () => undefined);
let toldToStop = false;

const exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  environment: process.env,
  terminal: isatty(1),
  openLog: () => createLogSink(1, (lines) => `log lines lost: ${lines}\n`),
  async stopSignal() {
    const signal = await waitForStop(process, hangUpIgnored);
    toldToStop = true;
    return signal;
  },
  endBySignal(signal) {
    // `process.exit` waits for the threads of the pool, and one of them may wait for a file that is never read to its end.
    process.kill(process.pid, signal);
  },
  onBug(listener) {
    onBug = listener;
  },
});

// A pipe whose reader has stopped keeps the process waiting to write. A command's output waits for it, a program that was told to end does not.
if (toldToStop) process.exit(exitCode);
process.exitCode = exitCode;
