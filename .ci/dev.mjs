// Rebuilds the sources and the page at each change, and restarts the program: `npm run dev -- --log-level debug`.
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { buildDashboard } = await import("../src/dashboard/build.mjs");
const SETTLE_MS = 300;

let program;
let restarting = false;
let timer;
const compiler = spawn(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "src"), "--watch", "--preserveWatchOutput"],
  {
    cwd: root,
    stdio: "inherit",
  },
);

await buildDashboard(join(root, "dist/dashboard"));
watch(join(root, "dist"), { recursive: true }, (_, file) => /\.js$/.test(file ?? "") && soon(restart));
watch(join(root, "src/dashboard"), { recursive: true }, () => soon(() => rebuildPage().then(restart)));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end(signal));
start();

function soon(act) {
  clearTimeout(timer);
  timer = setTimeout(act, SETTLE_MS);
}

async function rebuildPage() {
  await buildDashboard(join(root, "dist/dashboard")).catch((error) => console.error(error.message));
}

function start() {
  program = spawn(process.execPath, [join(root, "dist/launch.cjs"), "start", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
  program.on("exit", () => {
    program = undefined;
    if (restarting) start();
    restarting = false;
  });
}

function restart() {
  if (program === undefined) start();
  else if (!restarting) {
    restarting = true;
    program.kill("SIGTERM");
  }
}

function end(signal) {
  restarting = false;
  compiler.kill(signal);
  if (program === undefined) process.exit();
  program.once("exit", () => process.exit());
  program.kill(signal);
}
