import { spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { chmodSync, chownSync, closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { loadOrCreateCa } from "../../src/listeners/certificates/load-ca.ts";
import { isRoot, unprivileged } from "../helpers/unprivileged.ts";

// Some thirty starts, one after the other.
t.setTimeout(600_000);
const program = unprivileged(t);
const YEAR_MS = 365 * 24 * 3600_000;

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), "start-up-"));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "rules"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Ended {
  readonly code: number | null;
  readonly errors: string;
}

/** Starts `start` in `folder` and waits for its end; as a user without rights where the test has them all. */
async function start(folder: string, flags: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const words = ["start", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", ...flags];
  // Without the test runner's own preload, which every child inherits and which writes files.
  const child = spawn("sh", ["-c", 'unset NODE_OPTIONS; exec "$@"', "sh", program.node, program.main, ...words], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 30_000,
    ...program.user,
  });
  t.teardown(() => child.kill("SIGKILL"));
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  await once(child, "close");
  return { code: child.exitCode, errors };
}

/** A folder that the program may write to. */
function dataFolder(folder: string): string {
  const data = join(folder, "data");
  mkdirSync(data);
  if (isRoot) chownSync(data, 1000, 1000);
  return data;
}

function oneLine(t: Test, { code, errors }: Ended, wanted: number, pattern: RegExp): void {
  t.equal(code, wanted, errors);
  t.match(errors, pattern);
  t.match(errors, /^[^\n]+\n$/, "one line");
  t.notMatch(errors, /\n\s+at |bug in/, "no stack");
}

t.test("a port that is taken", async (t) => {
  const folder = folderOf(t);
  const data = dataFolder(folder);
  const taken = createServer().listen(0, "127.0.0.1");
  t.teardown(() => taken.close());
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const pattern = new RegExp(`^127\\.0\\.0\\.1:${port}: the port is taken by another program; choose another address`);
  oneLine(t, await start(folder, ["--data-dir", data, "--listen", `127.0.0.1:${port}`]), exitCodes.address, pattern);
  oneLine(t, await start(folder, ["--data-dir", data, "--admin", `127.0.0.1:${port}`]), exitCodes.address, pattern);
});

t.test("an address that this machine does not have, or a port below 1024 that this user may not bind", async (t) => {
  const folder = folderOf(t);
  const data = dataFolder(folder);
  oneLine(
    t,
    await start(folder, ["--data-dir", data, "--listen", "192.0.2.1:0"]),
    exitCodes.address,
    /^192\.0\.2\.1:0: this machine has no such address; /,
  );
  oneLine(
    t,
    await start(folder, ["--data-dir", data, "--listen", "no-such-host.invalid:0"]),
    exitCodes.address,
    /^no-such-host\.invalid:0: the name cannot be resolved; /,
  );
});

t.test("a key that cannot be read, or is none", async (t) => {
  const folder = folderOf(t);
  const data = dataFolder(folder);
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const secret = file("secret.pem", "-----BEGIN PRIVATE KEY-----\n");
  chmodSync(secret, 0o000);
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["--signing-key", join(folder, "missing.pem"), /missing\.pem: the key cannot be read \(ENOENT\); give an RSA private key/],
    ["--signing-key", secret, /secret\.pem: the key cannot be read \(EACCES\); /],
    ["--signing-key", file("words.pem", "this is no key"), /words\.pem: .+; give an RSA private key/],
    ["--antom-public-key", file("antom.pub", "MIIBnotakey"), /antom\.pub: .+; give the file with Antom's public key/],
    ["--admin-token", join(folder, "missing"), /missing: the admin token cannot be read \(ENOENT\); /],
    ["--admin-token", file("short", "abc\n"), /short: the admin token is too short; /],
  ];
  for (const [flag, path, pattern] of cases) oneLine(t, await start(folder, ["--data-dir", data, flag, path]), exitCodes.key, pattern);
});

t.test("a data folder that cannot be written", async (t) => {
  const folder = folderOf(t);
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o555 });
  oneLine(
    t,
    await start(folder, ["--data-dir", data]),
    exitCodes["data-dir"],
    /data\/signing-key\.pem: the signing key cannot be written \(EACCES\); .*--data-dir/,
  );
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o644 });
  const keyed = await start(folder, ["--data-dir", data, "--signing-key", join(folder, "key.pem")]);
  oneLine(t, keyed, exitCodes["data-dir"], /data\/ca\.pem: the CA cannot be written \(EACCES\); .*--data-dir/);
  const open = await start(folder, ["--data-dir", data, "--admin", "0.0.0.0:0"]);
  oneLine(t, open, exitCodes["data-dir"], /data\/admin-token: the admin token can be neither read nor created \(EACCES\); .*--admin-token/);
  chmodSync(data, 0o000);
  oneLine(t, await start(folder, ["--data-dir", data]), exitCodes.key, /data\/signing-key\.pem: the key cannot be read \(EACCES\); /);
  writeFileSync(join(folder, "file"), "");
  oneLine(
    t,
    await start(folder, ["--data-dir", join(folder, "file")]),
    exitCodes["data-dir"],
    /cannot be written \(ENOTDIR\)|cannot be written \(EEXIST\)/,
  );
});

t.test("a CA that has expired, was cut short, or lost its key", async (t) => {
  const folder = folderOf(t);
  const data = dataFolder(folder);
  await loadOrCreateCa({ dataDir: data, hosts: ["open-sea-global.alipay.com"], nowMs: Date.now() - 3 * YEAR_MS });
  const own = (): void => {
    for (const name of readdirSync(data)) if (isRoot) chownSync(join(data, name), 1000, 1000);
  };
  own();
  oneLine(
    t,
    await start(folder, ["--data-dir", data]),
    exitCodes.certificate,
    /ca\.pem: the CA expired on \d{4}-\d\d-\d\d; remove `.*ca\.pem` and `.*ca-key\.pem` to have a new CA made/,
  );
  writeFileSync(join(data, "ca.pem"), "-----BEGIN CERTIFICATE-----\nMIIB");
  oneLine(t, await start(folder, ["--data-dir", data]), exitCodes.certificate, /ca\.pem: the CA cannot be used: .+; remove/);
  rmSync(join(data, "ca-key.pem"));
  oneLine(t, await start(folder, ["--data-dir", data]), exitCodes.certificate, /ca-key\.pem: the key of the CA is missing; remove/);
});

t.test("rules that are wrong, or not there", async (t) => {
  const folder = folderOf(t);
  const data = dataFolder(folder);
  writeFileSync(join(folder, "rules", "rules.yaml"), "rules:\n  - {name: a, api: pai, result: RISK_REJECT}\n");
  const wrong = await start(folder, ["--data-dir", data]);
  t.equal(wrong.code, exitCodes.rules, wrong.errors);
  t.match(wrong.errors, /rules\/rules\.yaml:2:\d+: .*`pai`.*did you mean `pay`/);
  oneLine(t, await start(folder, ["--data-dir", data, "--rules", join(folder, "nowhere")]), exitCodes.rules, /nowhere: .+/);
});

t.test("settings that are wrong are told all at once, a line each", async (t) => {
  const folder = folderOf(t);
  const { code, errors } = await start(folder, ["--upstream-timeout", "soon"], {
    ANTOM_FAULT_PROXY_LOG_LEVEL: "loud",
    ANTOM_FAULT_PROXY_SEDE: "1",
  });
  t.equal(code, exitCodes.settings);
  t.match(errors, /^--upstream-timeout: .+$/m);
  t.match(errors, /^ANTOM_FAULT_PROXY_LOG_LEVEL: .+$/m);
  t.match(errors, /^ANTOM_FAULT_PROXY_SEDE: unknown setting; did you mean .*ANTOM_FAULT_PROXY_SEED/m);
});

t.test("a proxy of the environment that is not supported, and time-outs that contradict each other", async (t) => {
  const folder = folderOf(t);
  const socks = { HTTPS_PROXY: "socks5://user:secret@127.0.0.1:1080" };
  const refused = await start(folder, ["--upstream", "https://open-sea-global.alipay.com"], socks);
  oneLine(t, refused, exitCodes.settings, /^HTTPS_PROXY: a proxy of type `socks5:` is not supported; .*`--upstream-proxy none`/);
  t.notMatch(refused.errors, "secret");
  const late = await start(folder, ["--head-timeout", "10s", "--request-timeout", "5s"]);
  oneLine(t, late, exitCodes.settings, /^--head-timeout: `10s` is longer than `--request-timeout`/);
});

const TINY = mkdtempSync(join(tmpdir(), "tiny-"));
/** A file system of 16 kB, which only root may make. */
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", TINY]).status === 0;
t.teardown(() => {
  if (mounted) spawnSync("umount", [TINY]);
  rmSync(TINY, { recursive: true, force: true });
});

/** Writes so many kilobytes of zeros, or as many as fit. */
function fill(file: string, kilobytes: number): void {
  const descriptor = openSync(file, "w");
  try {
    for (let n = 0; n < kilobytes; n += 1) writeSync(descriptor, Buffer.alloc(1024));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(descriptor);
  }
}

t.test(
  "a disk that is full",
  { skip: mounted ? false : "only root can mount a small file system, with the program `mount`" },
  async (t) => {
    const folder = folderOf(t);
    const data = join(TINY, "data");
    mkdirSync(data);
    if (isRoot) chownSync(data, 1000, 1000);
    const filler = join(TINY, "filler");
    fill(filler, 64);
    oneLine(
      t,
      await start(folder, ["--data-dir", data]),
      exitCodes["data-dir"],
      /data\/signing-key\.pem: the signing key cannot be written \(ENOSPC\); /,
    );
    t.same(readdirSync(data), [], "no half-written key is left to trip over");
    rmSync(filler);
    fill(filler, 12);
    const key = await start(folder, ["--data-dir", data]);
    oneLine(t, key, exitCodes["data-dir"], /data\/ca\.pem: the CA cannot be written \(ENOSPC\); /);
    t.notOk(
      readdirSync(data).some((name) => name.endsWith(".tmp")),
      readdirSync(data).join(" "),
    );
  },
);
