/** The data folder of the running program: one program at a time, one CA whoever starts first, no link followed, an unusable folder said at once. */
import { spawn } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { projectRoot, runProgram, startProgram } from "../helpers/program.ts";

const FREE = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), "data-folder-"));
  mkdirSync(join(folder, "rules"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

t.test(
  "a folder below /proc ends with the exit code of the data folder",
  { skip: process.platform !== "linux" && "Linux only" },
  async (t) => {
    const folder = folderOf(t);
    const launcher = join(projectRoot, "dist", "launch.cjs");
    for (const flags of [
      ["--data-dir", "/proc/x"],
      ["--data-dir", "/proc/x/y", "--state", "/proc/x/z/state.json"],
    ]) {
      const child = spawn(process.execPath, [launcher, "start", ...FREE, ...flags], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
      t.teardown(() => child.kill("SIGKILL"));
      let errors = "";
      child.stderr.on("data", (chunk: Buffer) => {
        errors += chunk.toString();
      });
      const [code] = await once(child, "close");
      t.equal(code, exitCodes["data-dir"], errors);
      t.match(errors, /^\/proc\/x[^\n]*signing-key\.pem: the signing key cannot be written \(E[A-Z]+\); [^\n]*--data-dir[^\n]*\n$/);
    }
  },
);

t.test("a second program in the same data folder is refused; a killed one blocks nobody", async (t) => {
  const folder = folderOf(t);
  const first = await startProgram({ folder });
  t.teardown(() => first.stop("SIGKILL"));
  const words = ["start", ...FREE, "--data-dir", join(folder, "data"), "--rules", join(folder, "rules")];
  const second = await runProgram(words, { cwd: folder });
  t.equal(second.code, exitCodes["data-dir"]);
  t.match(second.errors, /^[^\n]*data: another antom-fault-proxy is running with this data folder; [^\n]*`--data-dir`[^\n]*\n$/);
  t.equal((await fetch(`${first.admin}/healthz`)).status, 200, "the first goes on");
  const shared = await runProgram(["ca", "--path", "--data-dir", join(folder, "data")], { cwd: folder });
  t.equal(shared.code, 0, "other commands read the folder meanwhile");
  await first.stop("SIGKILL");
  const third = await startProgram({ folder });
  t.equal(await third.stop(), 0);
});

t.test("first starts at once agree on one CA, whose key is its own", async (t) => {
  for (let round = 0; round < 3; round += 1) {
    const folder = folderOf(t);
    const ended = await Promise.all(Array.from({ length: 4 }, () => runProgram(["ca", "curl", "--data-dir", "data"], { cwd: folder })));
    t.same(
      ended.map(({ code, errors }) => [code, errors]),
      ended.map(() => [0, ""]),
    );
    const certificate = new X509Certificate(readFileSync(join(folder, "data", "ca.pem")));
    t.ok(certificate.checkPrivateKey(createPrivateKey(readFileSync(join(folder, "data", "ca-key.pem")))));
  }
});

t.test("a link that somebody planted in the data folder is never written through, nor its target's mode changed", async (t) => {
  const folder = folderOf(t);
  const data = join(folder, "data");
  mkdirSync(data);
  const victim = join(folder, "victim");
  writeFileSync(victim, "precious", { mode: 0o644 });
  chmodSync(victim, 0o644);
  for (const name of ["running.pid", "state.json", "state.json.lock-000000000000", "admin-token"]) symlinkSync(victim, join(data, name));
  const program = await startProgram({ folder });
  t.equal(await program.stop(), 0);
  t.equal(readFileSync(victim, "utf8"), "precious");
  t.equal(statSync(victim).mode & 0o777, 0o644);
});
