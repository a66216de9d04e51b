/** How the running program ends, and what must not end it: signals, readers that stop or go away, closed streams, callbacks that throw. */
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { closeSync, constants, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { readSavedState } from "../../src/ledger/saved-state.ts";
import { createMerchant } from "../helpers/merchant.ts";
import { payBody } from "../helpers/payments.ts";
import { till } from "../helpers/poll.ts";
import { type Program, projectRoot, startProgram } from "../helpers/program.ts";
import { needs } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";

const LAUNCHER = join(projectRoot, "dist", "launch.cjs");

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), "stop-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function started(t: Test, options: Parameters<typeof startProgram>[0]): Promise<Program> {
  const program = await startProgram(options);
  t.teardown(() => program.stop("SIGKILL"));
  return program;
}

/** Status of `count` calls one after the other, whose paths of 7,000 characters fill the log. */
async function fillLog(url: string, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  for (let n = 0; n < count; n += 1) {
    const call = request(`${url}/${"x".repeat(7000)}`, { method: "POST", agent });
    call.end();
    const [answer] = await once(call, "response");
    answer.resume();
    await once(answer, "end");
  }
  agent.destroy();
}

t.test("SIGTERM and SIGHUP save the state and end with 0", async (t) => {
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    const folder = folderOf(t);
    mkdirSync(join(folder, "rules"));
    writeFileSync(join(folder, "rules", "a.yaml"), "rules:\n  - {name: a, api: pay, result: RISK_REJECT, times: 5, duration: 1h}\n");
    const program = await started(t, { folder });
    await createMerchant().call(program.url, "pay", payBody());
    t.equal(await program.stop(signal), 0);
    const saved = readSavedState(readFileSync(join(folder, "data", "state.json"), "utf8"));
    t.equal(saved?.rules[0]?.firings, 1, signal);
    t.ok(program.lines().some((line) => line.event === "stopped"));
  }
});

t.test("started by nohup, a hang-up is ignored", async (t) => {
  const program = await started(t, { folder: folderOf(t), environment: { _: "/usr/bin/nohup" } });
  program.child.kill("SIGHUP");
  for (let n = 0; n < 5; n += 1) t.equal((await fetch(`${program.admin}/healthz`)).status, 200);
  t.equal(await program.stop("SIGTERM"), 0);
});

t.test("the program ends although the reader of its log has stopped, and signs calls until then", async (t) => {
  const program = await started(t, { folder: folderOf(t), environment: { UV_THREADPOOL_SIZE: "1" } });
  program.child.stdout?.pause();
  await fillLog(program.url, 150);
  const answer = await createMerchant().call(program.url, "pay", payBody());
  t.match(answer.json, { result: { resultCode: "SUCCESS" } }, "signed, although the log waits");
  t.equal(await program.stop("SIGTERM"), 0);
});

t.test("the program goes on when the reader of its log has gone away", async (t) => {
  const program = await started(t, { folder: folderOf(t) });
  program.child.stdout?.destroy();
  program.child.stderr?.destroy();
  await fillLog(program.url, 20);
  t.match((await createMerchant().call(program.url, "pay", payBody())).json, { result: { resultCode: "SUCCESS" } });
  t.equal(await program.stop("SIGTERM"), 0);
});

t.test("a command whose reader goes away ends without a stack", async (t) => {
  const child = spawn(process.execPath, [LAUNCHER, "codes", "*", "--format", "json"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [code] = await once(child, "close");
  t.same([code, errors], [0, ""]);
});

t.test("with standard input, output and error closed the program serves and ends all the same", async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, "rules"));
  const port = await freePort();
  const words = ["start", "--listen", "127.0.0.1:0", "--admin", `127.0.0.1:${port}`, "--data-dir", join(folder, "data")];
  const command = 'exec "$0" "$@" <&- >&- 2>&-';
  const child = spawn("sh", ["-c", command, process.execPath, LAUNCHER, ...words], { cwd: folder, stdio: "ignore" });
  t.teardown(() => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  while (child.exitCode === null && !(await isHealthy(port))) await new Promise((resolve) => setTimeout(resolve, 50));
  t.ok(await isHealthy(port));
  child.kill("SIGTERM");
  t.same(await ended, [0, null]);
});

t.test("a callback that throws and a promise that nobody caught are logged and end nothing", async (t) => {
  const hook = `process.on("SIGUSR2", () => {
    setTimeout(() => { throw new Error("planted throw"); });
    Promise.reject(new Error("planted rejection"));
  })`;
  const program = await started(t, { folder: folderOf(t), nodeFlags: ["--import", `data:text/javascript,${encodeURIComponent(hook)}`] });
  program.child.kill("SIGUSR2");
  for (const text of ["planted throw", "planted rejection"])
    t.match(await program.line((line) => String(line["stack"]).includes(text)), { event: "bug", level: "error" });
  t.match((await createMerchant().call(program.url, "pay", payBody())).json, { result: { resultCode: "SUCCESS" } });
  t.equal(await program.stop("SIGTERM"), 0);
});

t.test("SIGUSR1 does not open the debugger, unless it was asked for", async (t) => {
  const program = await started(t, { folder: folderOf(t) });
  program.child.kill("SIGUSR1");
  for (let n = 0; n < 5; n += 1) t.equal((await fetch(`${program.admin}/healthz`)).status, 200);
  t.equal(await program.stop("SIGTERM"), 0);
  t.notMatch(program.errors(), /inspector|Debugger/);
  const debugged = await started(t, { folder: folderOf(t), nodeFlags: ["--inspect=127.0.0.1:0"] });
  t.match(debugged.errors(), /Debugger listening/);
});

/** A start that waits for its signing key, from a pipe that has a writer who writes nothing; `finish` writes and closes it. */
async function startWaiting(t: Test): Promise<{ ended: Promise<unknown[]>; kill: () => void; finish: (text: string) => void }> {
  const folder = folderOf(t);
  const pipe = join(folder, "key.pem");
  const made = await runCommand("mkfifo", [pipe]);
  if (made.code !== 0) throw new Error(made.stderr);
  const words = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data-dir", join(folder, "data"), "--signing-key", pipe];
  // Without the test runner's own preload, which listens for signals as well.
  const command = ["-c", 'unset NODE_OPTIONS; exec "$@"', "sh", process.execPath, LAUNCHER, "start", ...words];
  const child = spawn("sh", command, { cwd: folder, stdio: "ignore" });
  t.teardown(() => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  let write = -1;
  // ENXIO until the program opens the pipe to read; by then it listens for signals.
  await till(() => {
    try {
      write = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENXIO")) throw error;
    }
    return write !== -1;
  });
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(write);
    isOpen = false;
  };
  t.teardown(close);
  const finish = (text: string): void => {
    writeSync(write, text);
    close();
  };
  return { ended, kill: () => child.kill("SIGTERM"), finish };
}

t.test("a start that hangs is ended by the signal that it was sent, after its grace", needs("mkfifo", "sh"), async (t) => {
  const { ended, kill } = await startWaiting(t);
  kill();
  t.same(await ended, [null, "SIGTERM"]);
});

t.test("a start that comes to its end within the grace is stopped in good order", needs("mkfifo", "sh"), async (t) => {
  const { ended, kill, finish } = await startWaiting(t);
  kill();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  finish(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  t.same(await ended, [0, null]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function isHealthy(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/healthz`).then(
    (answer) => answer.ok,
    () => false,
  );
}
