/** A real Chromium, always the one of the package `@sparticuz/chromium`, so that no machine needs a browser of its own; and the page built for it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { projectRoot } from "./program.ts";

/** Not the package's own list: its `--single-process` and `--no-zygote` end the browser when its first page closes. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const PACKAGE = join(projectRoot, "node_modules", "@sparticuz", "chromium", "package.json");

/** The unpacked browser: what to start, in which environment. */
export interface PackedBrowser {
  readonly executable: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Options for a tap test that needs the browser: the package holds a program for Linux on x64 with glibc, and for nothing else. */
export function needsBrowser(): { skip: string | false } {
  const isHere = process.platform === "linux" && process.arch === "x64" && !isMusl();
  return { skip: isHere ? false : "no packaged browser for this platform: Linux x64 with glibc" };
}

/** Starts the browser; close it when done. */
export async function openBrowser(): Promise<Browser> {
  const { executable, environment } = unpackBrowser();
  return await chromium.launch({ executablePath: executable, args: ARGUMENTS, env: { ...process.env, ...environment } });
}

/** Unpacks it once for each version, in node_modules. `libraries`: those of the package even where the machine has its own. */
export function unpackBrowser(libraries: "missing" | "all" = "missing"): PackedBrowser {
  const { version } = JSON.parse(readFileSync(PACKAGE, "utf8"));
  const cache = join(projectRoot, "node_modules", ".cache");
  const folder = join(cache, `chromium-${version}`);
  if (!existsSync(folder)) unpackInto(folder, cache);
  const executable = join(folder, "chromium");
  const packed = { LD_LIBRARY_PATH: join(folder, "al2023", "lib") };
  const isComplete = librariesOf(executable, {}).every(({ path }) => path !== undefined);
  const fonts = { FONTCONFIG_FILE: join(folder, "only-packed-fonts.conf") };
  return { executable, environment: { ...fonts, ...(isComplete && libraries === "missing" ? {} : packed) } };
}

/** The shared libraries that the loader finds for a program in this environment; `path` is undefined for one that is missing. */
export function librariesOf(
  executable: string,
  environment: Readonly<Record<string, string>>,
): readonly { readonly name: string; readonly path: string | undefined }[] {
  const { stdout } = spawnSync(executable, { env: { ...environment, LD_TRACE_LOADED_OBJECTS: "1" } });
  return [...stdout.toString().matchAll(/^\s*(\S+) => (?:(\/\S+)|not found)/gm)].map(([, name = "", path]) => ({ name, path }));
}

/** Two tests may come here at once: each unpacks on the side, and the second to finish throws its own away. */
function unpackInto(folder: string, cache: string): void {
  mkdirSync(cache, { recursive: true });
  const side = mkdtempSync(join(cache, "chromium-"));
  // The package unpacks into the folder for temporary files, and NSS only where it believes to be on Amazon Linux.
  const program = 'import("@sparticuz/chromium").then(({ default: packed }) => packed.executablePath())';
  const env = { ...process.env, NODE_OPTIONS: "", TMPDIR: side, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" };
  const ran = spawnSync(process.execPath, ["-e", program], { cwd: projectRoot, env });
  if (ran.status !== 0) throw new Error(`the packaged browser cannot be unpacked: ${ran.stderr.toString()}`);
  const fonts = `<dir>${join(folder, "fonts")}</dir><cachedir>${join(folder, "fonts-cache")}</cachedir>`;
  writeFileSync(join(side, "only-packed-fonts.conf"), `<?xml version="1.0"?>\n<fontconfig>${fonts}</fontconfig>\n`);
  try {
    renameSync(side, folder);
  } catch (error) {
    rmSync(side, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

function isMusl(): boolean {
  const report: { header?: { glibcVersionRuntime?: string } } = JSON.parse(JSON.stringify(process.report.getReport()));
  return report.header?.glibcVersionRuntime === undefined;
}

/** Builds the page into a folder of its own, for `startAdmin`'s `pageFolder`. */
export async function buildPage(): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const source = new URL("../../../src/dashboard/build.mjs", import.meta.url).href;
  const { buildDashboard } = await import(source);
  await buildDashboard(folder);
  return pathToFileURL(`${folder}/`);
}
