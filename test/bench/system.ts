/** What the benchmark compares: a program that it can start, and what a right answer of it looks like. */
import type { BenchFolder } from "./bench-folder.ts";
import type { Running } from "./process.ts";
import type { Expectation } from "./sample.ts";

/** What a system needs to start. */
export interface Site {
  readonly folder: BenchFolder;
  /** The gateway's side. */
  readonly upstream: string;
  /** Processor to run on; undefined: any. */
  readonly core: number | undefined;
}

export interface Started extends Running {
  readonly origin: string;
  /** Where its admin server is; undefined for peers. */
  readonly admin: string | undefined;
}

export interface System {
  readonly name: string;
  readonly expect: Expectation;
  /** False where it is not installed. */
  isHere(): boolean;
  start(site: Site): Promise<Started>;
}
