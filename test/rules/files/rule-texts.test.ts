/** Rules files are written whole or not at all. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { createRuleTexts } from "../../../src/rules/files/rule-texts.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "texts-"));

t.test("a file is replaced whole, its mode kept left beside it", async (t) => {
  const path = folder();
  const file = join(path, "rules.yaml");
  writeFileSync(file, "rules: []\n");
  chmodSync(file, 0o640);
  await createRuleTexts(path).write(file, "rules: [] # new\n");
  t.equal(readFileSync(file, "utf8"), "rules: [] # new\n");
  t.equal(statSync(file).mode & 0o777, 0o640);
  t.strictSame(readdirSync(path), ["rules.yaml"]);
});

t.test("a link stays a link: what it points to is written", async (t) => {
  const path = folder();
  mkdirSync(join(path, "real"));
  writeFileSync(join(path, "real", "r.yaml"), "old");
  symlinkSync("real/r.yaml", join(path, "rules.yaml"));
  await createRuleTexts(path).write(join(path, "rules.yaml"), "new");
  t.equal(readlinkSync(join(path, "rules.yaml")), "real/r.yaml");
  t.equal(readFileSync(join(path, "real", "r.yaml"), "utf8"), "new");
});

t.test("a folder that need not exist holds no rules, and is made for the first", async (t) => {
  const path = join(folder(), "rules");
  const texts = createRuleTexts(path, { mayBeMissing: true });
  t.match(await texts.read(), { kind: "ok", sources: [] });
  await texts.write(texts.home, "rules: []\n");
  t.match(await texts.read(), { kind: "ok", sources: [{ text: "rules: []\n" }] });
  t.match(await createRuleTexts(join(path, "none")).read(), { kind: "bad" });
});

t.test("new rules go to the file given, or to rules.yaml of the folder given, which is made", async (t) => {
  const path = folder();
  t.equal(createRuleTexts(join(path, "mine.yml")).home, join(path, "mine.yml"));
  const texts = createRuleTexts(path);
  t.equal(texts.home, join(path, "rules.yaml"));
  await texts.write(texts.home, "rules: []\n");
  t.match(await texts.read(), { kind: "ok", sources: [{ file: texts.home, text: "rules: []\n" }] });
});

t.test("what cannot be written is named, and leaves nothing behind", async (t) => {
  const path = folder();
  const texts = createRuleTexts(path);
  await t.rejects(texts.write(join(path, "no", "such.yaml"), "x"), /`.*such\.yaml` cannot be written \(ENOENT\)/);
  mkdirSync(join(path, "folder.yaml"));
  await t.rejects(texts.write(join(path, "folder.yaml"), "x"), /cannot be written/);
  t.strictSame(readdirSync(path), ["folder.yaml"]);
});

for (const code of ["EBUSY", "EXDEV", "EACCES"]) {
  t.test(`a file that no other can be renamed over (${code}) is written in place`, async (t) => {
    const path = folder();
    const file = join(path, "rules.yaml");
    const noRename = async (): Promise<never> => {
      throw Object.assign(new Error("rename"), { code });
    };
    writeFileSync(file, "rules: [] # long enough to leave something behind\n", { mode: 0o640 });
    const { ino } = statSync(file);
    const texts = createRuleTexts(path, { whole: noRename });
    await texts.write(file, "rules: []\n");
    t.equal(readFileSync(file, "utf8"), "rules: []\n");
    t.equal(statSync(file).ino, ino, "the same file");
    t.equal(statSync(file).mode & 0o777, 0o640);
    await t.rejects(texts.write(join(path, "new.yaml"), "x"), new RegExp(`cannot be written \\(${code}\\); check`));
  });
}

const mounts = ((): boolean => {
  const [from, to] = [join(folder(), "from"), join(folder(), "to")];
  for (const file of [from, to]) writeFileSync(file, "");
  return spawnSync("mount", ["--bind", from, to]).status === 0 && spawnSync("umount", [to]).status === 0;
})();

t.test("a rules file that is a mount of its own is written in place", { skip: mounts ? false : "nobody may mount here" }, async (t) => {
  const path = folder();
  const [file, mounted] = [join(path, "rules.yaml"), join(path, "mounted.txt")];
  writeFileSync(file, "");
  writeFileSync(mounted, "rules: []\n");
  spawnSync("mount", ["--bind", mounted, file]);
  t.teardown(() => void spawnSync("umount", [file]));
  await createRuleTexts(file).write(file, "rules: [] # by the page\n");
  t.equal(readFileSync(mounted, "utf8"), "rules: [] # by the page\n");
  t.strictSame(readdirSync(path).toSorted(), ["mounted.txt", "rules.yaml"]);
});
