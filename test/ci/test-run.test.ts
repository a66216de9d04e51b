/** `npm test` on machines that lack programs: what it installs, what it names as not run, and its exit code. In a small project of its own. */
import { spawn } from "node:child_process";
import { createSign } from "node:crypto";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { makeKeys } from "../helpers/keys.ts";
import { corrupted, opensslAccepts } from "../helpers/openssl.ts";
import { projectRoot } from "../helpers/program.ts";
import { needs, packagesFor } from "../helpers/programs.ts";

const isRoot = process.getuid?.() === 0;
const BUILT = fileURLToPath(new URL("../helpers/programs.js", import.meta.url));
const NEEDY = `import t from "tap";
import { needs } from "../helpers/programs.js";
t.test("sums", async (t) => t.equal(1 + 1, 2));
t.test("the shared state # 1", needs("redis-server", "curl"), async (t) => t.ok(true));
t.test("the alerts", needs("promtool"), async (t) => t.ok(true));
`;

interface Machine {
  /** Of the project's own test file; the helper of the real one is beside it. */
  readonly test?: string;
  /** Shell scripts by name: with `sh` and node the whole PATH. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
  readonly lastLines: readonly string[];
  readonly folder: string;
}

/** Runs `.ci/test.mjs` in a project with one test file, on a PATH of these programs alone. */
async function run(t: Test, { test = NEEDY, programs = {}, environment = {} }: Machine): Promise<Ran> {
  const folder = t.testdir({ bin: {}, ".build": { test: { helpers: {}, e2e: { "needy.test.js": test } } } });
  const tap = {
    include: [".build/test/**/*.test.js"],
    "disable-coverage": true,
    plugin: ["!@tapjs/typescript", "!@tapjs/mock", "!@tapjs/snapshot"],
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "small", type: "module", tap }));
  cpSync(BUILT, join(folder, ".build", "test", "helpers", "programs.js"));
  cpSync(join(projectRoot, ".ci"), join(folder, ".ci"), { recursive: true });
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  symlinkSync("/bin/sh", join(folder, "bin", "sh"));
  symlinkSync(process.execPath, join(folder, "bin", "node"));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }
  const { NODE_OPTIONS: _, ...own } = process.env;
  const kept = Object.entries(own).filter(([name]) => !/TAP|^CI$|ANTOM_TESTS/.test(name));
  const env = { ...Object.fromEntries(kept), NODE_OPTIONS: "", PATH: join(folder, "bin"), FOLDER: folder, ...environment };
  const child = spawn("sh", ["-c", 'unset NODE_OPTIONS; exec "$@"', "sh", process.execPath, ".ci/test.mjs", "--reporter=tap"], {
    cwd: folder,
    env,
  });
  t.teardown(() => child.kill("SIGKILL"));
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  await once(child, "close");
  return { code: child.exitCode, out, errors, lastLines: out.trimEnd().split("\n").slice(-4), folder };
}

const NO_INSTALL = { ANTOM_TESTS_NO_INSTALL: "1" };
const NAMED = [
  "not run here: 2",
  "  test/e2e/needy.test.ts (not installed here: redis-server, curl): the shared state # 1",
  "  test/e2e/needy.test.ts (not installed here: promtool): the alerts",
  "to run them: sudo apt-get install -y --no-install-recommends curl prometheus redis-server",
];

t.test("a test that cannot run is named in the last lines, with the one command that installs what it lacks; exit code 0", async (t) => {
  const { code, lastLines, errors } = await run(t, { environment: NO_INSTALL });
  t.same(lastLines, NAMED);
  t.equal(code, 0, errors);
});

t.test("in CI the same is a failure", async (t) => {
  const { code, lastLines } = await run(t, { environment: { ...NO_INSTALL, CI: "true" } });
  t.same(lastLines, NAMED);
  t.equal(code, 1);
});

t.test("with all programs there nothing is named, and CI passes", async (t) => {
  const programs = { "redis-server": "", promtool: "", curl: "" };
  const { code, out } = await run(t, { programs, environment: { ...NO_INSTALL, CI: "true" } });
  t.notMatch(out, "not run here");
  t.equal(code, 0);
});

t.test("a failing test fails the run, whatever was not run", async (t) => {
  const test = NEEDY.replace("1 + 1, 2", "1 + 1, 3");
  const { code, lastLines } = await run(t, { test, environment: NO_INSTALL });
  t.same(lastLines, NAMED);
  t.equal(code, 1);
});

t.test("a whole file that is left out, a test to be done and an assertion that is skipped are named too", async (t) => {
  const test =
    'import t from "tap";\nt.test("later", { todo: "needs a clock" }, async () => {});\nt.test("inside", async (t) => { t.ok(false, "no port", { skip: "taken" }); });\n';
  const inside = await run(t, { test, environment: NO_INSTALL });
  t.same(inside.lastLines.slice(-3), [
    "not run here: 2",
    "  test/e2e/needy.test.ts (needs a clock): later",
    "  test/e2e/needy.test.ts (taken): no port",
  ]);
  const whole = await run(t, { test: 'import t from "tap";\nt.plan(0, "not on this system");\n', environment: NO_INSTALL });
  t.match(whole.lastLines.at(-1), /^ {2}test\/e2e\/needy\.test\.ts \(not on this system\)$/);
});

/** Keeps its arguments, the policy for services in force meanwhile, and installs by writing empty programs. */
const APT_GET = `echo "$@" >> "$FOLDER/apt-calls"
[ -x /usr/sbin/policy-rc.d ] && echo "no service starts" >> "$FOLDER/apt-calls"
[ "$1" = update ] && { : > "$FOLDER/updated"; exit 0; }
[ -n "$STALE" ] && [ ! -e "$FOLDER/updated" ] && exit 100
[ -n "$OFFLINE" ] && exit 100
for name in redis-server promtool curl; do printf '#!/bin/sh\\n' > "$FOLDER/bin/$name"; /bin/chmod +x "$FOLDER/bin/$name"; done
exit 0`;
const needsRoot = { skip: isRoot ? false : "only root may install programs" };

t.test("as root with apt the missing programs are installed, announced before, and no service starts", needsRoot, async (t) => {
  const { code, errors, out, folder } = await run(t, { programs: { "apt-get": APT_GET, systemctl: 'echo "$@" >> "$FOLDER/services"' } });
  t.equal(code, 0, errors);
  t.match(
    errors,
    /^antom-fault-proxy: installing programs that the tests drive: `apt-get install .*prometheus.*redis-server.*ANTOM_TESTS_NO_INSTALL=1/m,
  );
  const calls = readFileSync(join(folder, "apt-calls"), "utf8").trimEnd().split("\n");
  t.match(calls[0], /^install -y .*--no-install-recommends .*\bcurl\b.*\bprometheus\b.*\bredis-server\b/);
  t.same(calls.slice(1), ["no service starts"]);
  t.same(readFileSync(join(folder, "services"), "utf8"), "disable prometheus\ndisable redis-server\n");
  t.notMatch(out, "not run here");
});

t.test("without systemctl the services are disabled by what Debian's own scripts use, as far as it is there", needsRoot, async (t) => {
  const keeps = (name: string): string => `echo "${name} $@" >> "$FOLDER/services"`;
  const helpers = { "deb-systemd-helper": keeps("deb-systemd-helper"), "update-rc.d": keeps("update-rc.d") };
  const { folder, code, errors } = await run(t, { programs: { "apt-get": APT_GET, ...helpers } });
  t.equal(code, 0, errors);
  t.equal(
    readFileSync(join(folder, "services"), "utf8"),
    ["prometheus", "redis-server"].map((name) => `deb-systemd-helper disable ${name}.service\nupdate-rc.d ${name} disable\n`).join(""),
  );
  const bare = await run(t, { programs: { "apt-get": APT_GET } });
  t.equal(bare.code, 0, bare.errors);
  t.notOk(existsSync(join(bare.folder, "services")));
});

t.test("package lists that are old or absent are fetched, then the programs are installed", needsRoot, async (t) => {
  const { out, folder, errors } = await run(t, { programs: { "apt-get": APT_GET }, environment: { STALE: "1" } });
  t.notMatch(out, "not run here", errors);
  t.match(readFileSync(join(folder, "apt-calls"), "utf8"), /^install [\s\S]*^update -q$[\s\S]*^install /m);
});

t.test("when apt fails the run goes on and names what was not run", needsRoot, async (t) => {
  const { code, lastLines, errors } = await run(t, { programs: { "apt-get": APT_GET }, environment: { OFFLINE: "1" } });
  t.equal(code, 0);
  t.match(errors, "`apt-get` failed");
  t.same(lastLines, NAMED);
});

t.test("ANTOM_TESTS_NO_INSTALL=1 stops it", needsRoot, async (t) => {
  const { folder, lastLines } = await run(t, { programs: { "apt-get": APT_GET }, environment: NO_INSTALL });
  t.notOk(existsSync(join(folder, "apt-calls")));
  t.same(lastLines, NAMED);
});

t.test("a test may need only programs whose package is known", async (t) => {
  const { PATH } = process.env;
  process.env["PATH"] = "";
  t.teardown(() => {
    process.env["PATH"] = PATH;
  });
  const { skip } = needs("redis-server", "promtool", "javac");
  t.equal(skip, "not installed here: redis-server, promtool, javac");
  t.same(packagesFor(String(skip)), ["redis-server", "prometheus", "default-jdk-headless"]);
  t.same(packagesFor("only Linux can tell"), []);
});

t.test("without openssl signatures are judged all the same, by other code than ours", async (t) => {
  const { publicKey, privateKey } = makeKeys();
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const signature = encodeURIComponent(createSign("sha256").update("content").sign(privateKey, "base64"));
  const header = `algorithm=RSA256,keyVersion=1,signature=${signature}`;
  const { PATH } = process.env;
  t.teardown(() => {
    process.env["PATH"] = PATH;
  });
  for (const path of [PATH, ""]) {
    process.env["PATH"] = path;
    t.equal(opensslAccepts(pem, header, "content"), true);
    t.equal(opensslAccepts(pem, header, corrupted("content")), false);
  }
});

t.test("the tests that must run alone are there", async (t) => {
  const { tap } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  t.equal(tap.jobs, 2);
  t.ok(tap.serial.length > 0);
  for (const place of tap.serial) t.ok(existsSync(join(projectRoot, place)), place);
});

t.test("a run that ended early is a failure, even with exit code 0", async (t) => {
  const module = new URL("../../../.ci/not-run.mjs", import.meta.url).href;
  const { readBroken }: { readBroken(folder: string, expected: readonly string[]): string[] } = await import(module);
  const whole = "TAP version 14\nok 1 - a\nnot ok 2 - b # TODO later\n1..2\n";
  const folder = t.testdir({
    ".build": {
      test: {
        "whole.test.js.tap": whole,
        "cut.test.js.tap": "TAP version 14\n# Subtest: a\n    1..2\n",
        "empty.test.js.tap": "",
        "bad.test.js.tap": "TAP version 14\nnot ok 1 - a\n1..1\n",
      },
    },
  });
  t.same(readBroken(folder, [".build/test/whole.test.js", ".build/test/never.test.js"]), [
    "test/bad.test.ts: a test failed",
    "test/cut.test.ts: its output breaks off",
    "test/empty.test.ts: its output breaks off",
    ".build/test/never.test.js: was not started",
  ]);
});
