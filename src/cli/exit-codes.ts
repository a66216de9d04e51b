/** The process's exit codes. */
import type { StartupTrouble } from "../app/startup-error.ts";

export const exitCodes: Readonly<Record<StartupTrouble | "ok" | "found" | "bug", number>> = {
  ok: 0,
  /** `check` found problems, or the API given to `codes` does not exist. */
  found: 1,
  /** A flag, a variable or the settings file is invalid. */
  settings: 2,
  /** The rules are invalid at start. */
  rules: 3,
  /** A key cannot be read or is invalid. */
  key: 4,
  /** A port is in use, or binding it is not permitted. */
  address: 5,
  /** The data folder cannot be written. */
  "data-dir": 6,
  /** The certificate authority is expired, damaged, or does not cover a host. */
  certificate: 7,
  /** An unexpected error (a bug). */
  bug: 70,
};
