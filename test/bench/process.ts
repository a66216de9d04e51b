/** Starts a program in a process of its own, its output in a file so that reading it costs the program nothing, and ends it. */
import { type ChildProcess, type Serializable, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export interface Program {
  /** Names the output file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Where the output file goes. */
  readonly folder: string;
  /** Processor to run on; undefined, or without `taskset`: any. */
  readonly core?: number | undefined;
  /** Opens an IPC channel, for programs that run the probe. */
  readonly channel?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Running {
  readonly pid: number;
  /** From the start until it was ready, in milliseconds. */
  readonly readyMs: number;
  /** All that it has written so far, or since `emptyOutput`. */
  output(): string;
  /** Forgets the output, so that a long run does not fill the disk. */
  emptyOutput(): void;
  /** Sends a message over the channel and resolves with the answer. */
  ask(message: Serializable): Promise<unknown>;
  /** SIGTERM, after five seconds SIGKILL. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;
const LOOK_MS = 2;
/** Characters of the output that an error shows. */
const SHOWN = 2000;
const STOP_TIMEOUT_MS = 5000;

/** Resolves when `isReady(output)` holds. Rejects, with the output, when the program ends before or takes over 30 s. */
export async function startProgram(program: Program, isReady: (output: string) => boolean | Promise<boolean>): Promise<Running> {
  const file = join(program.folder, `${program.name.replaceAll(/[^a-z0-9]+/gi, "-")}.out`);
  const startedAtMs = performance.now();
  const child = launch(program, file);
  const output = (): string => readFileSync(file, "utf8");
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  while (!(await isReady(output()))) {
    if (isOver() || performance.now() - startedAtMs > READY_TIMEOUT_MS) {
      child.kill("SIGKILL");
      throw new Error(`\`${program.name}\` did not start:\n${output().slice(0, SHOWN)}`);
    }
    await delay(LOOK_MS);
  }
  return {
    pid: child.pid ?? 0,
    readyMs: performance.now() - startedAtMs,
    output,
    emptyOutput: () => truncateSync(file),
    ask: (message) => ask(child, message),
    stop: () => stop(child, isOver),
  };
}

/** Whether something accepts connections there. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function launch({ command, args, core, channel, env }: Program, file: string): ChildProcess {
  writeFileSync(file, "");
  // For appending, so that the file may be emptied while the program writes.
  const out = openSync(file, "a");
  const [run = command, ...words] = core === undefined ? [command, ...args] : ["taskset", "-c", String(core), command, ...args];
  const child = spawn(run, words, {
    stdio: channel === true ? ["ignore", out, out, "ipc"] : ["ignore", out, out],
    env: { ...process.env, ...env },
  });
  closeSync(out);
  child.on("error", () => undefined);
  return child;
}

function ask(child: ChildProcess, message: Serializable): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.send(message, (error) => {
      if (error !== null) reject(error);
    });
  });
}

async function stop(child: ChildProcess, isOver: () => boolean): Promise<void> {
  if (isOver()) return;
  const over = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await over;
  clearTimeout(timer);
}
