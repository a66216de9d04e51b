/** Rules are written whole or not at all, by files or in memory. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { createFileTexts, createMemoryTexts } from "../../src/admin/rule-texts.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "texts-"));
const nothing = async (): Promise<void> => undefined;

t.test("a file is replaced whole, its mode kept, nothing left beside it", async (t) => {
  const path = folder();
  const file = join(path, "rules.yaml");
  writeFileSync(file, "rules: []\n");
  chmodSync(file, 0o640);
  await createFileTexts(path, nothing).write(file, "rules: [] # new\n");
  t.equal(readFileSync(file, "utf8"), "rules: [] # new\n");
  t.equal(statSync(file).mode & 0o777, 0o640);
  t.strictSame(readdirSync(path), ["rules.yaml"]);
});

t.test("a link stays a link: what it points to is written", async (t) => {
  const path = folder();
  mkdirSync(join(path, "real"));
  writeFileSync(join(path, "real", "r.yaml"), "old");
  symlinkSync("real/r.yaml", join(path, "rules.yaml"));
  await createFileTexts(path, nothing).write(join(path, "rules.yaml"), "new");
  t.equal(readlinkSync(join(path, "rules.yaml")), "real/r.yaml");
  t.equal(readFileSync(join(path, "real", "r.yaml"), "utf8"), "new");
});

t.test("a folder that need not exist holds no rules, and is made for the first", async (t) => {
  const path = join(folder(), "rules");
  const texts = createFileTexts(path, nothing, true);
  t.match(await texts.read(), { kind: "ok", sources: [] });
  await texts.write(texts.home, "rules: []\n");
  t.match(await texts.read(), { kind: "ok", sources: [{ text: "rules: []\n" }] });
  t.match(await createFileTexts(join(path, "none"), nothing).read(), { kind: "bad" });
});

t.test("new rules go to the file given, or to rules.yaml of the folder given, which is made", async (t) => {
  const path = folder();
  t.equal(createFileTexts(join(path, "mine.yml"), nothing).home, join(path, "mine.yml"));
  const texts = createFileTexts(path, nothing);
  t.equal(texts.home, join(path, "rules.yaml"));
  await texts.write(texts.home, "rules: []\n");
  t.match(await texts.read(), { kind: "ok", sources: [{ file: texts.home, text: "rules: []\n" }] });
});

t.test("what cannot be written is named, and leaves nothing behind", async (t) => {
  const path = folder();
  const texts = createFileTexts(path, nothing);
  await t.rejects(texts.write(join(path, "no", "such.yaml"), "x"), /`.*such\.yaml` cannot be written \(ENOENT\)/);
  mkdirSync(join(path, "folder.yaml"));
  await t.rejects(texts.write(join(path, "folder.yaml"), "x"), /cannot be written/);
  t.strictSame(readdirSync(path), ["folder.yaml"]);
});

t.test("an embedding program's texts are kept in memory and taken on reload", async (t) => {
  const taken: unknown[] = [];
  const texts = createMemoryTexts([{ file: "rules", text: "a" }], async (sources) => {
    taken.push(sources);
    return [];
  });
  await texts.write("rules", "b");
  await texts.write("more", "c");
  await texts.reload();
  const expected = [
    { file: "rules", text: "b" },
    { file: "more", text: "c" },
  ];
  t.strictSame(taken, [expected]);
  t.match(await texts.read(), { kind: "ok", sources: expected });
  t.equal(texts.home, "rules");
  t.equal(createMemoryTexts([], async () => []).home, "rules");
});
