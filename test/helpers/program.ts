/** The built program as a user runs it: a process of its own, its log lines read, its rules in a folder of the test's. */
import { type ChildProcess, spawn } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publicKeyForms } from "../../src/antom/keys.ts";

/** The folder of package.json. */
export const projectRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Far more than a loaded machine needs. */
const LONGEST_MS = 60_000;

const MAIN = join(projectRoot, "dist", "launch.cjs");

export interface LogLine {
  readonly event?: string;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

export interface Program {
  readonly url: string;
  readonly admin: string;
  /** Upstream's origin. */
  readonly upstream: string;
  /** The key that verifies the answers, read from the data folder. */
  readonly publicPem: string;
  readonly child: ChildProcess;
  lines(): readonly LogLine[];
  /** What it wrote to standard error. */
  errors(): string;
  /** Resolves with the first line, past or to come, that `wanted` accepts; rejects after a minute. */
  line(wanted: (line: LogLine) => boolean): Promise<LogLine>;
  /** Sends the signal and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ProgramOptions {
  /** Keeps the data folder and, unless a flag says otherwise, the rules folder `rules`. */
  readonly folder: string;
  readonly flags?: readonly string[];
  /** False: no rules folder is made, and none named. */
  readonly withRules?: boolean;
  /** Of Node itself, before the program's name. */
  readonly nodeFlags?: readonly string[];
  /** Variables besides those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts `start` on free ports and waits until it listens. Rejects when it ends before. */
export async function startProgram({
  folder,
  flags = [],
  nodeFlags = [],
  environment = {},
  withRules = true,
}: ProgramOptions): Promise<Program> {
  const rules = join(folder, "rules");
  if (withRules) mkdirSync(rules, { recursive: true });
  const data = join(folder, "data");
  const standard = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data-dir", data, "--log-format", "json"];
  const named = flags.includes("--rules") || !withRules ? [] : ["--rules", rules];
  const child = spawn(process.execPath, [...nodeFlags, MAIN, "start", ...standard, ...named, ...flags], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = gather(child);
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`the program ended: ${output.errors()}`)));
  const listening = await Promise.race([output.line((line) => line.event === "listening"), ended]);
  ended.catch(() => undefined);
  const signingKey = join(data, "signing-key.pem");
  const keyFile = flags.includes("--signing-key") ? (flags[flags.indexOf("--signing-key") + 1] ?? "") : signingKey;
  return {
    ...output,
    child,
    url: String([listening["listeners"]].flat()[0]),
    admin: String(listening["admin"]),
    upstream: String(listening["upstream"]),
    publicPem: publicKeyForms(createPrivateKey(readFileSync(keyFile))).pem,
    async stop(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exit = once(child, "exit");
      child.kill(signal);
      await exit;
      return child.exitCode;
    },
  };
}

/** Runs a command of the program to its end. */
export async function runProgram(
  words: readonly string[],
  options: { readonly cwd: string },
): Promise<{ code: number | null; out: string; errors: string }> {
  const child = spawn(process.execPath, [MAIN, ...words], { cwd: options.cwd, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  await once(child, "close");
  return { code: child.exitCode, out, errors };
}

function gather(child: ChildProcess): Pick<Program, "lines" | "errors" | "line"> {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  let rest = "";
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdout?.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part.startsWith("{")) lines.push(JSON.parse(part));
    for (const look of waiting) look();
  });
  return {
    lines: () => lines,
    errors: () => errors,
    line: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no such log line; stderr: ${errors}; last lines: ${JSON.stringify(lines.slice(-3))}`));
        }, LONGEST_MS);
        const look = (): void => {
          const found = lines.find(wanted);
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

function findRoot(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : findRoot(dirname(folder));
}
