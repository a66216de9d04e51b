/** What the figures were taken on. */
import { spawnSync } from "node:child_process";
import { cpus, loadavg, release, totalmem, type } from "node:os";

export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly node: string;
  readonly openssl: string;
  /** Before the benchmark began; above 0.5 the figures are those of a busy machine. */
  readonly loadAverage: number;
}

export function describeMachine(): Machine {
  return {
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    openssl: process.versions.openssl,
    loadAverage: loadavg()[0] ?? 0,
  };
}

/** Whether a program is in the PATH. */
export function isInstalled(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}

/** Where to run the system under test and everything else, so that neither takes the other's time; no choice on one core or without `taskset`. */
export function chooseCores(): { readonly system: number | undefined; readonly others: number | undefined } {
  const canPin = cpus().length > 1 && isInstalled("taskset");
  return canPin ? { system: 0, others: 1 } : { system: undefined, others: undefined };
}
