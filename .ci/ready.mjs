// Installs what package-lock.json names and builds what has changed, only where needed: runs before `npm start`, `npm test` and `npm run bench`.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const withBench = process.argv.includes("--bench");
  install(root);
  if (withBench) install(join(root, "test", "bench"));
  build("src", "dist");
  buildPage("dist/dashboard");
  if (withBench || process.argv.includes("--tests")) {
    build("test", ".build");
    buildPage(".build/src/dashboard");
  }
}

function install(folder) {
  if (isInstalled(folder)) return;
  say(`installing dependencies of ${relative(root, folder) || "the project"} …`);
  // `--include=dev`: NODE_ENV=production would leave out the compiler.
  run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], folder);
}

/**
 * Whether `node_modules` holds every package of `package-lock.json` at its version, by the list that npm keeps there.
 * Packages for other platforms may be absent; further packages do no harm.
 */
export function isInstalled(folder) {
  const wanted = packagesOf(join(folder, "package-lock.json"));
  const present = packagesOf(join(folder, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    if (present[path] === undefined) return mayBeAbsent(entry);
    return present[path].version === entry.version && existsSync(join(folder, path, "package.json"));
  });
}

// An optional package of this platform must be there, unless its C library decides: Node.js does not tell which one that is.
function mayBeAbsent({ optional = false, os, cpu, libc }) {
  if (!optional) return false;
  const isForHere = (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true);
  return !isForHere || libc !== undefined || (os === undefined && cpu === undefined);
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

// The compiler keeps its own record of what changed; without a change this takes about a second.
function build(project, out) {
  if (!existsSync(join(root, out))) say(`building ${out}/ …`);
  run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", join(root, project)]);
  prune(join(root, out), out === "dist" ? join(root, "src") : root);
}

// The compiler leaves behind what it made of files that are gone: a deleted test would run on.
function prune(folder, source) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    const made = /^(.*?)(?:\.d\.ts|\.js|\.js\.map)$/.exec(file)?.[1];
    if (made === undefined || file.includes(join("dashboard", "page."))) continue;
    if (!existsSync(`${join(source, relative(folder, made))}.ts`)) rmSync(file);
  }
}

function buildPage(folder) {
  run(process.execPath, [join(root, "src", "dashboard", "build.mjs"), join(root, folder)]);
}

function run(command, words, folder = root) {
  const result = spawnSync(command, words, { cwd: folder, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (result.status !== 0) {
    say(`\`${command} ${words.join(" ")}\` failed`);
    process.exit(result.status ?? 1);
  }
}

function say(text) {
  process.stderr.write(`antom-fault-proxy: ${text}\n`);
}
