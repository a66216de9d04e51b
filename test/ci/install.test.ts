/** Installing from the lock files: `npm ci` takes them on every platform, and `npm test` installs only where something is missing. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { z } from "zod";
import { projectRoot } from "../helpers/program.ts";
import { runCommand } from "../helpers/run-command.ts";

const FOLDERS = [projectRoot, join(projectRoot, "test", "bench")];
const lockShape = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), optionalDependencies: z.record(z.string(), z.string()).optional() }).loose(),
  ),
});
const ready: { isInstalled(folder: string): boolean } = await import(pathToFileURL(join(projectRoot, ".ci", "ready.mjs")).href);

for (const folder of FOLDERS) {
  const name = folder === projectRoot ? "the project" : "the benchmark";

  t.test(`${name}: the lock file holds the optional packages of every platform`, async (t) => {
    const { packages } = lockShape.parse(JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")));
    let optional = 0;
    for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
      for (const dependency of Object.keys(optionalDependencies)) {
        optional += 1;
        t.ok(
          placesOf(path, dependency).some((place) => place in packages),
          `${dependency}, of ${path}`,
        );
      }
    }
    t.ok(optional > 0);
  });

  t.test(`${name}: \`npm ci\` accepts the lock file`, async (t) => {
    const copy = t.testdir({});
    for (const file of ["package.json", "package-lock.json"]) cpSync(join(folder, file), join(copy, file));
    // The project's packages must suit this Node.js; some of mockttp's claim to need a newer one, and run on this one all the same.
    const strict = folder === projectRoot ? ["--engine-strict"] : [];
    const words = ["ci", "--dry-run", "--offline", ...strict, "--no-audit", "--no-fund", "--prefix", copy];
    const ran = await runCommand("npm", words, { env: { ...process.env, npm_config_cache: join(copy, "cache") }, timeoutMs: 60_000 });
    t.equal(ran.code, 0, ran.stderr);
  });
}

/** Where Node.js looks for a dependency of the package at `path`. */
function placesOf(path: string, dependency: string): string[] {
  const places = [`${path}/node_modules/${dependency}`.replace(/^\//, "")];
  for (let at = path.lastIndexOf("node_modules/"); at >= 0; at = at === 0 ? -1 : path.lastIndexOf("node_modules/", at - 1))
    places.push(`${path.slice(0, at)}node_modules/${dependency}`);
  return places;
}

const HERE = { version: "1.0.0", optional: true, os: [process.platform], cpu: [process.arch] };
const ELSEWHERE = { version: "1.0.0", optional: true, os: [process.platform === "win32" ? "linux" : "win32"] };
const LOCK = { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/here": HERE, "node_modules/elsewhere": ELSEWHERE };

/** A project whose lock file names LOCK, with these packages installed. */
function projectWith(t: Test, installed: Record<string, { version: string }>): string {
  const folder = t.testdir({ "package-lock.json": JSON.stringify({ packages: LOCK }) });
  for (const path of Object.keys(installed)) {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, "package.json"), "{}");
  }
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: installed }));
  return folder;
}

const A = { "node_modules/a": { version: "1.0.0" } };
const WHOLE = { ...A, "node_modules/here": { version: "1.0.0" } };

t.test("what is installed as locked is not installed again, whoever installed it", async (t) => {
  t.equal(ready.isInstalled(projectWith(t, WHOLE)), true);
});

t.test("a further package does no harm", async (t) => {
  t.equal(ready.isInstalled(projectWith(t, { ...WHOLE, "node_modules/own": { version: "3.0.0" } })), true);
});

t.test("another version is replaced", async (t) => {
  t.equal(ready.isInstalled(projectWith(t, { ...WHOLE, "node_modules/a": { version: "1.0.1" } })), false);
});

t.test("a missing package is installed", async (t) => {
  t.equal(ready.isInstalled(projectWith(t, { "node_modules/here": { version: "1.0.0" } })), false);
});

t.test("a missing package of this platform is installed", async (t) => {
  t.equal(ready.isInstalled(projectWith(t, A)), false);
});

t.test("a package whose folder is gone is installed again", async (t) => {
  const folder = projectWith(t, WHOLE);
  rmSync(join(folder, "node_modules", "a"), { recursive: true });
  t.equal(ready.isInstalled(folder), false);
});

t.test("without node_modules everything is installed", async (t) => {
  t.equal(ready.isInstalled(t.testdir({ "package-lock.json": JSON.stringify({ packages: LOCK }) })), false);
});

t.test("this checkout is installed as its lock file says", async (t) => {
  t.equal(ready.isInstalled(projectRoot), true);
});
