/** Serves the page: the built files of one folder, read once, compressed once. Nothing else of the disk can be reached. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type AdminApp, type AdminContext, addRoute } from "../api/route.ts";

interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly compressed: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly tag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** The files that the build puts in the compiled program. */
export const dashboardFolder: URL = new URL("../../dashboard/", import.meta.url);

/** Adds `/` and one route for each file of `folder`; without a built page `/` says how to build it. */
export async function addPageRoutes(app: AdminApp, folder: URL): Promise<void> {
  const assets = await readAssets(folder);
  for (const [name, asset] of assets)
    addRoute(app, name === "index.html" ? "/" : `/${name}`, { GET: (context) => sendAsset(context, asset) });
  if (!assets.has("index.html"))
    addRoute(app, "/", { GET: (context) => context.text("The page is not built: run `npm run build`.\n", 503) });
}

async function readAssets(folder: URL): Promise<Map<string, Asset>> {
  const names = await readdir(folder).catch(() => []);
  const served = names.filter((name) => typeOf(name) !== undefined);
  return new Map(await Promise.all(served.map(async (name) => [name, await readAsset(folder, name)] as const)));
}

async function readAsset(folder: URL, name: string): Promise<Asset> {
  const bytes = new Uint8Array(await readFile(new URL(name, folder)));
  const compressed = new Uint8Array(await promisify(gzip)(bytes, { level: 9 }));
  const tag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  return { bytes, compressed, type: typeOf(name) ?? "application/octet-stream", tag };
}

function typeOf(name: string): string | undefined {
  return TYPES[name.slice(name.lastIndexOf(".") + 1)];
}

function sendAsset(context: AdminContext, asset: Asset): Response {
  const headers = { etag: asset.tag, "cache-control": "no-cache", vary: "accept-encoding" };
  if (context.req.header("if-none-match") === asset.tag) return context.body(null, 304, headers);
  const zipped = /\bgzip\b/.test(context.req.header("accept-encoding") ?? "");
  const coding = zipped ? { "content-encoding": "gzip" } : {};
  return context.body(zipped ? asset.compressed : asset.bytes, 200, { ...headers, ...coding, "content-type": asset.type });
}
