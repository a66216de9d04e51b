/** The programs of the machine that tests drive, and the Debian package each comes in: `npm test` installs those that are missing, or says what it did not run. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export interface ProgramSource {
  /** Debian's name of it. */
  readonly package: string;
  /** The service that the package would start by itself. */
  readonly service?: string;
  /** A file that stands for it, where it is not a program in the PATH. */
  readonly file?: string;
}

const PROGRAMS = {
  "apt-get": { package: "apt" },
  bash: { package: "bash" },
  "ca-certificates": { package: "ca-certificates", file: "/etc/ssl/certs/ca-certificates.crt" },
  curl: { package: "curl" },
  java: { package: "default-jdk-headless" },
  javac: { package: "default-jdk-headless" },
  keytool: { package: "default-jdk-headless" },
  mkfifo: { package: "coreutils" },
  mount: { package: "mount" },
  openssl: { package: "openssl" },
  prometheus: { package: "prometheus", service: "prometheus" },
  promtool: { package: "prometheus", service: "prometheus" },
  python3: { package: "python3" },
  "redis-server": { package: "redis-server", service: "redis-server" },
  sh: { package: "dash" },
  tini: { package: "tini" },
} as const satisfies Record<string, ProgramSource>;

export type ProgramName = keyof typeof PROGRAMS;

const SOURCES = new Map<string, ProgramSource>(Object.entries(PROGRAMS));
const NOT_INSTALLED = "not installed here: ";

/** Options for a tap test that needs these programs: skipped, with a reason that `npm test` repeats at its end, where one is missing. */
export function needs(...names: readonly ProgramName[]): { skip: string | false } {
  const missing = names.filter((name) => !isInstalled(name));
  return { skip: missing.length === 0 ? false : NOT_INSTALLED + missing.join(", ") };
}

/** Every program that tests drive and this machine lacks, with its source. */
export function missingPrograms(): readonly ProgramSource[] {
  return [...SOURCES].filter(([name]) => !isInstalled(name)).map(([, source]) => source);
}

/** The packages that would let a test run which was skipped for this reason; none where no package would. */
export function packagesFor(reason: string): readonly string[] {
  if (!reason.startsWith(NOT_INSTALLED)) return [];
  const names = reason.slice(NOT_INSTALLED.length).split(", ");
  return names.flatMap((name) => SOURCES.get(name)?.package ?? []);
}

/** Whether a program is in the PATH, or its file is there. */
export function isInstalled(name: string): boolean {
  const file = SOURCES.get(name)?.file;
  if (file !== undefined) return isThere(file, constants.R_OK);
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => folder !== "" && isThere(join(folder, name), constants.X_OK));
}

function isThere(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}
