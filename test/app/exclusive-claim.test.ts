/** One owner at a time, which need not let go by itself: killed, it holds nothing; stopped, it still does. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { claimState } from "../../src/app/claim-state.ts";
import { claimExclusively } from "../../src/app/exclusive-claim.ts";
import { StartupError } from "../../src/app/startup-error.ts";

const MODULE = new URL("../../src/app/exclusive-claim.js", import.meta.url).href;

/** A process that claims `file`, says how it went, and lives on while its stdin is open. */
async function claimant(t: Test, file: string): Promise<{ child: ChildProcess; said: string }> {
  const program = `
    const { claimExclusively } = await import(${JSON.stringify(MODULE)});
    const claim = await claimExclusively(${JSON.stringify(file)});
    process.stdout.write(claim.kind + (claim.reason ?? ""));
    process.stdin.resume();`;
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["pipe", "pipe", "inherit"], env });
  t.teardown(() => child.kill("SIGKILL"));
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said) };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

t.test("a file is claimed, refused to others, and free again when it was let go", async (t) => {
  const folder = t.testdir();
  const file = join(folder, "state.json");
  const first = await claimExclusively(file);
  t.equal(first.kind, "owned");
  t.equal((await claimExclusively(file)).kind, "taken");
  t.equal((await claimant(t, file)).said, "taken", "to another process too");
  t.equal((await claimExclusively(join(folder, "other.json"))).kind, "owned", "another file is another claim");
  if (first.kind === "owned") await first.release();
  const again = await claimExclusively(file);
  t.equal(again.kind, "owned");
  if (again.kind === "owned") await again.release();
  if (again.kind === "owned") await again.release();
  t.same(
    readdirSync(folder).filter((name) => name.startsWith("state.json")),
    [],
    "nothing is left",
  );
});

t.test("an owner that was killed blocks nobody, and what it left is removed", async (t) => {
  const folder = t.testdir();
  const file = join(folder, "state.json");
  for (let round = 0; round < 3; round += 1) {
    const { child, said } = await claimant(t, file);
    t.equal(said, "owned");
    await kill(child);
    t.equal(readdirSync(folder).length, 1, "its name is still there");
  }
});

t.test("an owner that is stopped still owns", async (t) => {
  const file = join(t.testdir(), "state.json");
  const { child, said } = await claimant(t, file);
  t.equal(said, "owned");
  child.kill("SIGSTOP");
  t.equal((await claimExclusively(file)).kind, "taken");
  await kill(child);
  t.equal((await claimExclusively(file)).kind, "owned");
});

t.test("of many that come at once one becomes the owner", async (t) => {
  const file = join(t.testdir(), "state.json");
  for (let round = 0; round < 5; round += 1) {
    const claims = await Promise.all(Array.from({ length: 6 }, () => claimExclusively(file)));
    t.equal(claims.filter((claim) => claim.kind === "owned").length, 1, claims.map((claim) => claim.kind).join(" "));
    t.equal(claims.filter((claim) => claim.kind === "taken").length, 5);
    for (const claim of claims) if (claim.kind === "owned") await claim.release();
  }
});

t.test("a folder whose path is too long for a socket's address is claimed all the same, as the same folder", async (t) => {
  const folder = join(t.testdir(), "a".repeat(120), "b".repeat(120));
  mkdirSync(folder, { recursive: true });
  symlinkSync(folder, join(t.testdirName, "short"));
  const claim = await claimExclusively(join(folder, "state.json"));
  t.equal(claim.kind, "owned");
  t.equal((await claimExclusively(join(t.testdirName, "short", "state.json"))).kind, "taken");
  t.equal((await claimExclusively(join(folder, "x".repeat(200)))).kind, "owned", "so is a long name");
});

t.test("something else of such a name does not count as an owner, and a folder that is not there is said", async (t) => {
  // A short path: Node cuts a socket's address that is too long.
  const folder = mkdtempSync(join(tmpdir(), "claim-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "state.json.lock-000000000000"), "a plain file");
  const silent = createServer().listen(join(folder, "state.json.lock-111111111111"));
  await once(silent, "listening");
  t.teardown(() => silent.close());
  t.equal((await claimExclusively(join(folder, "state.json"))).kind, "taken", "a socket that accepts is alive, whatever it says");
  silent.close();
  t.equal((await claimExclusively(join(folder, "state.json"))).kind, "owned");
  t.match(await claimExclusively(join(folder, "none", "state.json")), { kind: "impossible", reason: /^E/ });
});

t.test("a state file that is in use is refused with the remedy, a Redis or none is never claimed", async (t) => {
  const dataDir = t.testdir();
  const state = { kind: "file", path: join(dataDir, "state.json") } as const;
  const warn = (message: string): void => void t.fail(message);
  const release = await claimState({ state, dataDir }, warn);
  const refused = await claimState({ state, dataDir }, warn).catch((error: unknown) => error);
  t.ok(refused instanceof StartupError && refused.trouble === "data-dir");
  t.match(refused, { message: /another antom-fault-proxy is running with this data folder; .*`--data-dir`.*redis/ });
  await t.rejects(claimState({ state, dataDir: undefined }, warn), { message: /state\.json: another .* keeps its windows.*`--state`/ });
  await release();
  await (await claimState({ state, dataDir }, warn))();
  const redis = { kind: "redis", url: "redis://127.0.0.1", shown: "redis://127.0.0.1", prefix: "p" } as const;
  for (const shared of [redis, undefined]) for (let n = 0; n < 2; n += 1) await claimState({ state: shared, dataDir }, warn);
  writeFileSync(join(dataDir, "file"), "");
  await claimState({ state: { kind: "file", path: join(dataDir, "file", "state.json") }, dataDir }, warn);
});
