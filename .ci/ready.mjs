// Installs what package-lock.json names and builds what has changed, only where needed: runs before `npm start` and `npm test`.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const withTests = process.argv.includes("--tests");

install();
build("src", "dist");
buildPage("dist/admin/dashboard");
if (withTests) {
  build("test", ".build");
  buildPage(".build/src/admin/dashboard");
}

function install() {
  const stamp = join(root, "node_modules", ".installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("installing dependencies …");
  // Not `npm ci`: it refuses a lock file made where some platforms' optional packages could not be seen. `--no-save` keeps to the lock file all the same.
  // `--include=dev`: NODE_ENV=production would leave out the compiler.
  run("npm", ["install", "--no-save", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
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
    if (made === undefined || file.includes(join("admin", "dashboard", "page."))) continue;
    if (!existsSync(`${join(source, relative(folder, made))}.ts`)) rmSync(file);
  }
}

function buildPage(folder) {
  run(process.execPath, [join(root, "src", "admin", "dashboard", "build.mjs"), join(root, folder)]);
}

function run(command, words) {
  const result = spawnSync(command, words, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (result.status !== 0) {
    say(`\`${command} ${words.join(" ")}\` failed`);
    process.exit(result.status ?? 1);
  }
}

function say(text) {
  process.stderr.write(`antom-fault-proxy: ${text}\n`);
}
