/** Runs a program of the machine (openssl, curl, python3 …) for a test. */
import { spawn } from "node:child_process";

export interface Ran {
  /** Exit code; undefined when it was killed by the time limit. */
  readonly code: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Never throws for a failing program; the caller looks at `code`. */
export function runCommand(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { env: options.env ?? process.env, timeout: options.timeoutMs ?? 20_000 });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? undefined, stdout: Buffer.concat(out), stderr: Buffer.concat(errors).toString() }));
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}
