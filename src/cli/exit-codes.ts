/** What the process's exit code says. */
import type { StartupTrouble } from "../app/startup-error.ts";

export const exitCodes: Readonly<Record<StartupTrouble | "ok" | "found" | "bug", number>> = {
  ok: 0,
  /** `check` found mistakes; `codes` was asked for an API that does not exist. */
  found: 1,
  /** A flag, a variable or the settings file is wrong. */
  settings: 2,
  /** The rules are wrong at start. */
  rules: 3,
  /** A key cannot be read or is none. */
  key: 4,
  /** A port is taken, or may not be bound. */
  address: 5,
  /** The data folder cannot be written. */
  "data-dir": 6,
  /** The certificate authority is expired, damaged, or does not cover a host. */
  certificate: 7,
  /** A bug. */
  bug: 70,
};
