/** The program's first lines: what they settle is settled before anything uses it. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { projectRoot } from "./helpers/program.ts";

const run = promisify(execFile);
const LAUNCHER = join(projectRoot, "dist", "launch.cjs");
/** Of the pool, unless told otherwise. */
const THREADS = Math.max(2, Math.min(4, availableParallelism() - 1));

/** The launcher's `process.env.UV_THREADPOOL_SIZE` at the program's end, said by a module loaded before it. */
async function threadsOf(given: string | undefined): Promise<string | undefined> {
  const hook = "process.on('exit', () => process.stderr.write('threads=' + process.env.UV_THREADPOOL_SIZE))";
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
  const { stderr } = await run(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(hook)}`, LAUNCHER, "--version"], {
    env: { ...env, ...(given !== undefined && { UV_THREADPOOL_SIZE: given }) },
  });
  return /threads=(\S+)/.exec(stderr)?.[1];
}

t.test("the thread pool leaves a core to the event loop, and has two threads at least", async (t) => {
  t.equal(await threadsOf(undefined), String(THREADS));
});

t.test("a size that was given is kept", async (t) => t.equal(await threadsOf("7"), "7"));

const onLinux = process.platform === "linux";

t.test("the pool's threads, and no others, give way to the event loop", { skip: !onLinux && "only Linux can tell" }, async (t) => {
  const folder = t.testdir();
  const flags = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data-dir", join(folder, "data"), "--rules", folder];
  // What tap loads into every process by NODE_OPTIONS starts the pool before the launcher can.
  const words = ["-c", 'unset NODE_OPTIONS; exec "$@"', "sh", process.execPath, LAUNCHER, "start", ...flags];
  const child = spawn("sh", words, { stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => child.kill());
  await once(child.stdout, "data");
  const threads = `/proc/${child.pid}/task`;
  const lower = readdirSync(threads).filter((id) => nicenessOf(join(threads, id)) > nicenessOf(`/proc/self`));
  t.equal(lower.length, THREADS);
  t.notOk(lower.includes(String(child.pid)), "the event loop is as it was");
});

/** The 19th field of `stat` (proc(5)); the second is in brackets and may hold anything. */
function nicenessOf(folder: string): number {
  return Number(
    readFileSync(join(folder, "stat"), "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")[16],
  );
}

t.test("the launcher is what the package names as its program", async (t) => {
  const { stdout } = await run(process.execPath, [LAUNCHER, "--version"]);
  t.match(stdout, /^\d+\.\d+\.\d+/);
});
