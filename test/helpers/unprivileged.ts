/** Runs the built program as a user without rights where the tests run as root: from a copy that every user can read. */
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Test } from "tap";
import { projectRoot } from "./program.ts";

/** How the program is started without rights. */
export interface Unprivileged {
  /** Node and the program's first file, both readable by `user`. */
  readonly node: string;
  readonly main: string;
  /** For `spawn`; empty where the tests themselves have no rights. */
  readonly user: { readonly uid?: number; readonly gid?: number };
}

const USER = { uid: 1000, gid: 1000 } as const;
const OTHERS_READ_AND_RUN = 0o005;
const OTHERS_ENTER = 0o001;

/** Whether the tests may do everything to every file. */
export const isRoot: boolean = process.getuid?.() === 0;

/** The program as built here; as root a copy of it, removed after `t`: the project's folder may lie where only root can look, below /root say. */
export function unprivileged(t: Test): Unprivileged {
  if (!isRoot) return { node: process.execPath, main: join(projectRoot, "dist", "launch.cjs"), user: {} };
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const path of ["package.json", "dist", ...productionPackages()])
    cpSync(join(projectRoot, path), join(folder, path), { recursive: true });
  openToAll(folder);
  return { node: readableNode(folder), main: join(folder, "dist", "launch.cjs"), user: USER };
}

/** Lets every user read what is below `folder`, whatever umask the project was checked out with. */
export function openToAll(folder: string): void {
  const { status, stderr } = spawnSync("chmod", ["-R", "a+rX", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`chmod ${folder}: ${stderr}`);
}

/** This process's Node, or its copy in `folder` where others cannot run it. */
export function readableNode(folder: string): string {
  if (isOpen(process.execPath)) return process.execPath;
  const node = join(folder, "bin", "node");
  mkdirSync(dirname(node), { recursive: true });
  copyFileSync(process.execPath, node);
  openToAll(dirname(node));
  return node;
}

/** Whether others may run the file and enter every folder above it. */
function isOpen(file: string): boolean {
  if ((statSync(file).mode & OTHERS_READ_AND_RUN) !== OTHERS_READ_AND_RUN) return false;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder))
    if ((statSync(folder).mode & OTHERS_ENTER) === 0) return false;
  return true;
}

/** Paths of what `npm ci --omit=dev` would install, as far as it is installed here. */
function productionPackages(): readonly string[] {
  const { packages }: { packages: Record<string, { dev?: boolean }> } = JSON.parse(
    readFileSync(join(projectRoot, "package-lock.json"), "utf8"),
  );
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== "" && dev !== true && existsSync(join(projectRoot, path)))
    .map(([path]) => path);
}
