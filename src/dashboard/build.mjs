/** Builds the page: bundles scripts and styles into one file each and puts them, with the HTML, into a folder (argument, default dist/dashboard). */
import { cp, mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("./", import.meta.url));

/** Writes index.html, icon.svg, page.js and page.css into `folder`. */
export async function buildDashboard(folder) {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [
      { in: `${source}main.tsx`, out: "page" },
      { in: `${source}styles/page.css`, out: "page" },
    ],
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome111", "firefox113", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    logLevel: "warning",
  });
  for (const name of ["index.html", "icon.svg"]) await cp(`${source}${name}`, `${folder}/${name}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildDashboard(resolve(process.argv[2] ?? "dist/dashboard"));
