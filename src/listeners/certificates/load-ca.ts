/** Keeps the CA in the data folder: made on first start, read ever after, never replaced without being asked. */
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../files/error-code.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { Problem } from "../../problem.ts";
import { type Ca, createCa, readCa } from "./ca.ts";
import { covers } from "./constraints.ts";

export interface LoadCaOptions {
  readonly dataDir: string;
  /** Lower-case names and addresses that the CA must vouch for, besides this machine's own. */
  readonly hosts: readonly string[];
  readonly nowMs: number;
}

export type LoadedCa =
  | { readonly kind: "ok"; readonly ca: Ca; readonly created: boolean; readonly warnings: readonly Problem[] }
  /** `atFault` is the folder where there is no CA yet and none can be written there. */
  | { readonly kind: "bad"; readonly problem: Problem; readonly atFault: "ca" | "folder" };

const EXPIRY_NOTICE_MS = 30 * 24 * 3600_000;

/** The file that clients are told to trust. */
export function caFileIn(dataDir: string): string {
  return join(dataDir, "ca.pem");
}

/** The CA of `dataDir`, made there if there is none. Bad: unreadable, damaged or expired files. */
export async function loadOrCreateCa(options: LoadCaOptions): Promise<LoadedCa> {
  const caFile = caFileIn(options.dataDir);
  const keyFile = join(options.dataDir, "ca-key.pem");
  try {
    const certificatePem = await readIfThere(caFile);
    if (certificatePem === undefined) return await create(caFile, keyFile, options).catch((error: unknown) => unwritable(caFile, error));
    const keyPem = await readIfThere(keyFile);
    if (keyPem === undefined) return bad(keyFile, "the key of the CA is missing", renewal(caFile, keyFile));
    // Copied about, a key loses its mode; on a file system without modes there is nothing to keep.
    await chmod(keyFile, 0o600).catch(() => undefined);
    return judge(readPair(certificatePem, keyPem), options, [caFile, keyFile]);
  } catch (error) {
    return bad(caFile, `the CA cannot be used: ${reason(error)}`, renewal(caFile, keyFile));
  }
}

function readPair(certificatePem: string, keyPem: string): Ca | Error {
  try {
    return readCa(certificatePem, keyPem);
  } catch (error) {
    return new Error("unreadable CA", { cause: error });
  }
}

function judge(ca: Ca | Error, { hosts, nowMs }: LoadCaOptions, [caFile, keyFile]: readonly [string, string]): LoadedCa {
  const remedy = renewal(caFile, keyFile);
  if (ca instanceof Error) return bad(caFile, `the CA cannot be used: ${reason(ca.cause)}`, remedy);
  if (nowMs >= ca.notAfterMs) return bad(caFile, `the CA expired on ${day(ca.notAfterMs)}`, remedy);
  const warnings: Problem[] = [];
  if (nowMs + EXPIRY_NOTICE_MS >= ca.notAfterMs) warnings.push(problemIn(caFile, `the CA expires on ${day(ca.notAfterMs)}`, remedy));
  const uncovered = hosts.filter((host) => !covers(ca.permitted, host));
  if (uncovered.length > 0) {
    const names = uncovered.map((host) => `\`${host}\``).join(", ");
    warnings.push(problemIn(caFile, `the CA was made before ${names} was asked for, and clients will not accept it there`, remedy));
  }
  return { kind: "ok", ca, created: false, warnings };
}

async function create(caFile: string, keyFile: string, { dataDir, hosts, nowMs }: LoadCaOptions): Promise<LoadedCa> {
  const { ca, keyPem } = createCa(hosts, nowMs);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // The key first: a certificate without its key would be trusted by people and usable by nobody.
  await writeWhole(keyFile, keyPem, 0o600);
  await writeWhole(caFile, ca.certificatePem, 0o644);
  return { kind: "ok", ca, created: true, warnings: [] };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function renewal(caFile: string, keyFile: string): string {
  return `remove \`${caFile}\` and \`${keyFile}\` to have a new CA made at the next start, and trust that one instead`;
}

function bad(file: string, message: string, remedy: string): LoadedCa {
  return { kind: "bad", problem: problemIn(file, message, remedy), atFault: "ca" };
}

function unwritable(file: string, error: unknown): LoadedCa {
  const code = error instanceof Error && "code" in error ? String(error.code) : reason(error);
  const problem = problemIn(file, `the CA cannot be written (${code})`, "name a folder that can be written with `--data-dir`");
  return { kind: "bad", problem, atFault: "folder" };
}

function problemIn(file: string, message: string, remedy: string): Problem {
  return { file, line: undefined, column: undefined, message, remedy, frame: undefined };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
