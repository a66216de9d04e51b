/** The program's first lines: what they settle is settled before anything uses it. */
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { projectRoot } from "./helpers/program.ts";

const run = promisify(execFile);

/** The launcher's `process.env.UV_THREADPOOL_SIZE` at the program's end, said by a module loaded before it. */
async function threadsOf(given: string | undefined): Promise<string | undefined> {
  const hook = "process.on('exit', () => process.stderr.write('threads=' + process.env.UV_THREADPOOL_SIZE))";
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
  const { stderr } = await run(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(hook)}`, join(projectRoot, "dist", "launch.cjs"), "--version"],
    { env: { ...env, ...(given !== undefined && { UV_THREADPOOL_SIZE: given }) } },
  );
  return /threads=(\S+)/.exec(stderr)?.[1];
}

t.test("the thread pool leaves a core to the event loop, and has two threads at least", async (t) => {
  t.equal(await threadsOf(undefined), String(Math.max(2, Math.min(4, availableParallelism() - 1))));
});

t.test("a size that was given is kept", async (t) => t.equal(await threadsOf("7"), "7"));

t.test("the launcher is what the package names as its program", async (t) => {
  const { stdout } = await run(process.execPath, [join(projectRoot, "dist", "launch.cjs"), "--version"]);
  t.match(stdout, /^\d+\.\d+\.\d+/);
});
