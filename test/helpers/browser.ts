/** A real Chromium, and the page built for it: Debian's program where it is installed, else the one inside an npm package. */
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Starts the browser; close it when done. */
export async function openBrowser(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed !== undefined) return await chromium.launch({ executablePath: installed, args: ARGUMENTS });
  const packed = await import("@sparticuz/chromium");
  return await chromium.launch({ executablePath: await packed.default.executablePath(), args: [...packed.default.args, ...ARGUMENTS] });
}

/** Builds the page into a folder of its own, for `startAdmin`'s `pageFolder`. */
export async function buildPage(): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const source = new URL("../../../src/admin/dashboard/build.mjs", import.meta.url).href;
  const { buildDashboard } = await import(source);
  await buildDashboard(folder);
  return pathToFileURL(`${folder}/`);
}
