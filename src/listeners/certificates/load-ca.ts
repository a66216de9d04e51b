/** Loads the CA from the data folder: created on the first start and never replaced automatically. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../base/error-code.ts";
import { keepPrivate } from "../../base/keep-private.ts";
import type { Problem } from "../../base/problem.ts";
import { writeOnce } from "../../base/write-once.ts";
import { type Ca, createCa, createCaKey, readCa } from "./ca.ts";
import { covers } from "./constraints.ts";

export interface LoadCaOptions {
  readonly dataDir: string;
  /** Lower-case names and addresses that the CA must certify, besides this machine's own. */
  readonly hosts: readonly string[];
  readonly nowMs: number;
}

export type LoadedCa =
  | { readonly kind: "ok"; readonly ca: Ca; readonly created: boolean; readonly warnings: readonly Problem[] }
  /** `atFault` is the folder when there is no CA yet and the folder is not writable. */
  | { readonly kind: "bad"; readonly problem: Problem; readonly atFault: "ca" | "folder" };

const EXPIRY_NOTICE_MS = 30 * 24 * 3600_000;

/** The file that clients must trust. */
export function caFileIn(dataDir: string): string {
  return join(dataDir, "ca.pem");
}

/** Loads the CA of `dataDir` or creates it. Bad: unreadable, damaged or expired files. */
export async function loadOrCreateCa(options: LoadCaOptions): Promise<LoadedCa> {
  const caFile = caFileIn(options.dataDir);
  const keyFile = join(options.dataDir, "ca-key.pem");
  try {
    const found = await readIfThere(caFile);
    const created = found === undefined;
    if (created) {
      const failed = await create(caFile, keyFile, options);
      if (failed !== undefined) return failed;
    }
    const certificatePem = found ?? (await readFile(caFile, "utf8"));
    const keyPem = await readIfThere(keyFile);
    if (keyPem === undefined) return bad(keyFile, "the key of the CA is missing", renewal(caFile, keyFile));
    // The mode of a copied key may differ.
    await keepPrivate(keyFile);
    const loaded = judge(readPair(certificatePem, keyPem), options, [caFile, keyFile]);
    return loaded.kind === "ok" ? { ...loaded, created } : loaded;
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

/**
 * Creates the files; undefined: both exist now. The key is written first, and the first of several concurrent programs wins:
 * the certificate always belongs to that key, whichever program writes it.
 */
async function create(caFile: string, keyFile: string, { hosts, nowMs }: LoadCaOptions): Promise<LoadedCa | undefined> {
  try {
    const key = await settleKey(keyFile);
    await writeOnce(caFile, createCa(hosts, nowMs, key).ca.certificatePem, 0o644);
    return undefined;
  } catch (error) {
    return unwritable(caFile, error);
  }
}

/** Loads or creates the key; an unreadable key without a certificate is moved aside. */
async function settleKey(keyFile: string): Promise<KeyObject> {
  const found = readKey(await readIfThere(keyFile));
  if (found instanceof Error) await rename(keyFile, `${keyFile}.unreadable`);
  else if (found !== undefined) return found;
  const made = createCaKey();
  if (await writeOnce(keyFile, made.export({ type: "pkcs8", format: "pem" }), 0o600)) return made;
  return createPrivateKey(await readFile(keyFile));
}

function readKey(pem: string | undefined): KeyObject | Error | undefined {
  try {
    return pem === undefined ? undefined : createPrivateKey(pem);
  } catch (error) {
    return new Error("unreadable key", { cause: error });
  }
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
