/** Files and folders that are made once: no link is followed, of several writers one wins, and a folder that cannot be made is an error at once. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { errorCode } from "../../src/base/error-code.ts";
import { keepPrivate } from "../../src/base/keep-private.ts";
import { makeFolder } from "../../src/base/make-folder.ts";
import { writeOnce } from "../../src/base/write-once.ts";

t.test("a folder is made with all that is missing above it, and made again without a word", async (t) => {
  const folder = join(t.testdir(), "a", "b", "c");
  await makeFolder(folder, 0o700);
  t.equal(statSync(join(folder, "..")).mode & 0o777, 0o700);
  await makeFolder(folder, 0o700);
  await makeFolder("/", 0o700);
});

t.test("many that make one folder at once all succeed", async (t) => {
  const folder = join(t.testdir(), "a", "b", "c");
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(folder, 0o700)));
  t.ok(statSync(folder).isDirectory());
});

t.test("a folder that cannot be made rejects with the system's code", async (t) => {
  const folder = t.testdir({ file: "" });
  t.equal(await makeFolder(join(folder, "file"), 0o700).catch(errorCode), "EEXIST");
  t.equal(await makeFolder(join(folder, "file", "below"), 0o700).catch(errorCode), "ENOTDIR");
  symlinkSync(join(folder, "nowhere", "at", "all"), join(folder, "dangling"));
  t.equal(await makeFolder(join(folder, "dangling"), 0o700).catch(errorCode), "EEXIST");
});

t.test("below /proc, where Node's own recursive mkdir never ends", { skip: process.platform !== "linux" && "Linux only" }, async (t) => {
  t.match(await makeFolder("/proc/x", 0o700).catch(errorCode), /^(?:ENOENT|EACCES|EPERM)$/);
  t.match(await makeFolder("/proc/x/y/z", 0o700).catch(errorCode), /^(?:ENOENT|EACCES|EPERM)$/);
});

t.test("of many writers at once one makes the file, whole and with its mode", async (t) => {
  const file = join(t.testdir(), "deep", "key.pem");
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
  const made = await Promise.all(texts.map((text) => writeOnce(file, text, 0o600)));
  const winner = made.indexOf(true);
  t.equal(made.filter((one) => one).length, 1);
  t.equal(readFileSync(file, "utf8"), texts[winner]);
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.same(readdirSync(join(file, "..")), ["key.pem"], "nothing else is left");
});

t.test("a planted link is neither followed nor replaced", async (t) => {
  const folder = t.testdir({ victim: "precious" });
  for (const target of ["victim", "nowhere"]) {
    const file = join(folder, `to-${target}`);
    symlinkSync(join(folder, target), file);
    t.notOk(await writeOnce(file, "secret", 0o600));
  }
  t.equal(readFileSync(join(folder, "victim"), "utf8"), "precious");
  t.notOk(existsSync(join(folder, "nowhere")));
});

t.test("a secret that others can read is made private again, but never what a link points to", async (t) => {
  const folder = t.testdir({ key: "k", victim: "v" });
  for (const name of ["key", "victim"]) chmodSync(join(folder, name), 0o644);
  symlinkSync(join(folder, "victim"), join(folder, "link"));
  mkdirSync(join(folder, "folder"), { mode: 0o755 });
  for (const name of ["key", "link", "folder", "none"]) await keepPrivate(join(folder, name));
  t.equal(statSync(join(folder, "key")).mode & 0o777, 0o600);
  t.equal(statSync(join(folder, "victim")).mode & 0o777, 0o644);
  t.equal(statSync(join(folder, "folder")).mode & 0o777, 0o755);
  writeFileSync(join(folder, "key"), "still the owner's");
});
