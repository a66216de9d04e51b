import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { readConfig } from "../../src/config/read-config.ts";
import { allOf, environmentOf, readDockerfile, type Stage, wordsOf } from "../helpers/dockerfile.ts";
import { projectRoot } from "../helpers/program.ts";
import { needs } from "../helpers/programs.ts";
import { runCommand } from "../helpers/run-command.ts";

const stages = readDockerfile();
const final = stages.at(-1);
const isRoot = process.getuid?.() === 0;

/** What the build is handed: the ignore file lets in, it does not keep out. */
function copyContext(to: string): void {
  const lines = readFileSync(join(projectRoot, "docker", "Dockerfile.dockerignore"), "utf8").split("\n");
  for (const line of lines.filter((line) => line.startsWith("!"))) {
    const name = line.slice(1);
    cpSync(join(projectRoot, name), join(to, name), { recursive: true });
  }
}

/** Does what a stage says in `folder`, which stands for its /app. */
async function performStage(stage: Stage, folder: string, context: string): Promise<void> {
  for (const { word, rest } of stage.instructions) {
    if (word === "COPY") {
      const names = rest.split(" ").slice(0, -1);
      for (const name of names) cpSync(join(context, name), name === "." ? folder : join(folder, name), { recursive: true });
    } else if (word === "RUN" && rest === "npm ci --no-audit --no-fund") {
      // Done already in this checkout, by the same words and the same lock file: see .ci/ready.mjs.
      symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    } else if (word === "RUN") {
      const ran = await runCommand("sh", ["-ec", `cd '${folder}' && ${rest}`], {
        env: { ...process.env, npm_config_prefer_offline: "true", NODE_ENV: "", NODE_OPTIONS: "" },
        timeoutMs: 110_000,
      });
      if (ran.code !== 0) throw new Error(`RUN ${rest}: ${ran.stderr}\n${ran.stdout.toString()}`);
    }
  }
}

t.test("the image is built in stages, runs without root, and has nothing in it that builds", async (t) => {
  t.same(
    stages.map(({ name }) => name),
    ["build", "dependencies", ""],
  );
  for (const { base } of stages) t.match(base, /^node:2\d-bookworm-slim$/, "pinned by its major");
  t.same(allOf(final, "USER"), ["1000:1000"]);
  t.notMatch(allOf(final, "RUN").join("\n"), /npm|gcc|make\b|python/);
  t.notMatch(allOf(final, "COPY").join("\n"), /src|test|\.git/);
  const ignored = readFileSync(join(projectRoot, "docker", "Dockerfile.dockerignore"), "utf8").split("\n");
  t.ok(ignored.includes("*"), "whatever is not named stays outside");
  t.notMatch(ignored.filter((line) => line.startsWith("!")).join("\n"), /data|key|state|\.antom|node_modules|docker/);
});

t.test("every variable the image sets is a setting, and means what the image needs", async (t) => {
  const { NODE_ENV, ...environment } = environmentOf(final);
  t.equal(NODE_ENV, "production");
  const read = readConfig({ flags: {}, environment, file: undefined });
  if (read.kind === "bad") return t.fail(JSON.stringify(read.problems));
  const { dataDir, rules, admin, listen } = read.config;
  t.match(
    { dataDir, rules, admin, listen },
    { dataDir: "/data", rules: "/rules", admin: { host: "127.0.0.1" }, listen: [{ host: "0.0.0.0", port: 8080 }] },
  );
  t.same(allOf(final, "VOLUME"), ["/data"]);
  return undefined;
});

t.test("its steps, done by hand, give a program that runs", { ...needs("tini", "apt-get"), timeout: 300_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  chmodSync(folder, 0o755);
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const at = (...names: string[]): string => join(folder, ...names);
  for (const name of ["context", "build", "dependencies", "app"]) mkdirSync(at(name));
  copyContext(at("context"));
  for (const stage of stages.slice(0, -1)) await performStage(stage, at(stage.name), at("context"));

  await t.test("the last stage's own steps", async (t) => {
    for (const copy of allOf(final, "COPY")) {
      const [, stage, from = "", to = ""] = /^(?:--from=(\S+) )?(.+) (\S+)$/.exec(copy) ?? [];
      for (const name of from.split(" ")) {
        const source = stage === undefined ? at("context", name) : at(stage, name.replace("/app/", ""));
        const target = to.startsWith("/") ? at(to) : at("app", to === "./" ? name : to);
        cpSync(source, target, { recursive: true });
      }
    }
    for (const run of allOf(final, "RUN")) {
      const byHand = run.startsWith("apt-get")
        ? `${run.replace(/^.*(apt-get install)/, "$1 --simulate").replace(/ && rm .*$/, "")}`
        : run.replaceAll(/ (-[og] 1000)/g, isRoot ? " $1" : "").replace(" /data", ` '${at("data")}'`);
      t.match(
        run,
        /^(apt-get update && apt-get install -y --no-install-recommends tini && rm -rf \/var\/lib\/apt\/lists\/\*|install -d .* \/data)$/,
      );
      const ran = await runCommand("sh", ["-ec", byHand]);
      t.equal(ran.code, 0, `${byHand}: ${ran.stderr}`);
    }
    t.equal(statSync(at("data")).mode & 0o777, 0o700);
    t.notOk(existsSync(at("app", "node_modules", "typescript")), "no compiler");
    t.notOk(existsSync(at("app", "src")), "no sources");
  });

  await t.test("the start command, as the image's user, writing nothing but /data; healthy; ends on SIGTERM", async (t) => {
    const moved = (text: string): string =>
      text.replaceAll(/(^|=)\/(app|data|rules)\b/g, (_, before: string, name: string) => before + at(name));
    const standard = Object.fromEntries(Object.entries(environmentOf(final)).map(([name, value]) => [name, moved(value)]));
    const environment = {
      ...standard,
      ANTOM_FAULT_PROXY_LISTEN: "0.0.0.0:0",
      ANTOM_FAULT_PROXY_ADMIN: "127.0.0.1:0",
      PATH: process.env["PATH"],
    };
    const [command = "", ...words] = [...wordsOf(allOf(final, "ENTRYPOINT")[0]), ...wordsOf(allOf(final, "CMD")[0])].map(moved);
    if (isRoot) chownSync(at("data"), 1000, 1000);
    const before = readdirSync(folder, { recursive: true }).length;
    const user = isRoot ? { uid: 1000, gid: 1000 } : {};
    // Without the test runner's preload, which the image's user need not be able to read.
    const bare = ["-c", 'unset NODE_OPTIONS; exec "$@"', "sh", command, ...words];
    const child = spawn("sh", bare, { cwd: at("app"), env: environment, stdio: ["ignore", "pipe", "inherit"], ...user });
    t.teardown(() => child.kill("SIGKILL"));
    let lines = "";
    child.stdout.on("data", (chunk: Buffer) => {
      lines += chunk.toString();
    });
    for (const endMs = Date.now() + 20_000; !lines.includes('"listening"') && Date.now() < endMs && child.exitCode === null; )
      await new Promise((resolve) => setTimeout(resolve, 50));
    const listening = JSON.parse(lines.split("\n").find((line) => line.includes('"listening"')) ?? "{}");
    const health = wordsOf(allOf(final, "HEALTHCHECK")[0]);
    t.equal(health[0], "node");
    const probe = (admin: string): Promise<{ code: number | undefined }> =>
      runCommand(
        process.execPath,
        health.slice(1).map((word) => word.replace("http://127.0.0.1:8081", admin)),
      );
    t.equal((await probe(String(listening.admin))).code, 0);
    t.equal((await probe("http://127.0.0.1:1")).code, 1, "and says so when it is not");
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    t.same((await exit)[0], 0);
    const data = readdirSync(at("data"));
    t.ok(data.includes("signing-key.pem"), data.join(" "));
    t.equal(readdirSync(folder, { recursive: true }).length - data.length, before, "nothing else was written");
  });
});
