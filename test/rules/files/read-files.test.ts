import { execFileSync } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { vocabulary } from "../../../src/app/vocabulary.ts";
import { loadAll, loadRules, parseInSlices } from "../../../src/rules/files/load.ts";
import { isRuleFile, readFiles } from "../../../src/rules/files/read-files.ts";
import { needs } from "../../helpers/programs.ts";

const rule = (name: string): string => `rules:\n  - {name: ${name}, api: pay, abort: reset}\n`;

t.test("a folder's rules files are read in order of name; all else in it is left alone", async (t) => {
  const folder = t.testdir({
    "b.yml": rule("b"),
    "a.yaml": rule("a"),
    "C.YAML": rule("c"),
    ".hidden.yaml": "x",
    "a.yaml~": "x",
    "#a.yaml#": "x",
    ".#a.yaml": "x",
    "a.yaml.swp": "x",
    "notes.md": "x",
    "rules.schema.json": "{}",
    examples: { "d.yaml": rule("d") },
    "folder.yaml": {},
  });
  const loaded = await loadRules(folder, vocabulary);
  t.same(loaded.kind === "ok" && loaded.rules.rules.map((one) => one.name), ["c", "a", "b"]);
});

t.test("which names hold rules", async (t) => {
  for (const name of ["a.yaml", "10-pay.yml", "A.YAML", "a.b.yaml"]) t.ok(isRuleFile(name), name);
  for (const name of [".a.yaml", "a.yaml~", "#a.yaml#", "~a.yaml", "yaml", ".yaml", "a.yaml.bak", "4913"]) t.notOk(isRuleFile(name), name);
});

t.test("a single file is read whatever its name, and through links", async (t) => {
  const folder = t.testdir({ "real.txt": rule("a") });
  await symlink("real.txt", join(folder, "link"));
  t.match(await loadRules(join(folder, "link"), vocabulary), { kind: "ok", rules: { rules: [{ name: "a", file: join(folder, "link") }] } });
});

t.test("an empty folder has no rules and no problems", async (t) => {
  t.match(await loadRules(t.testdir({}), vocabulary), { kind: "ok", rules: { rules: [] } });
});

t.test("what cannot be read is a problem that names it", async (t) => {
  const folder = t.testdir({ "a.yaml": Buffer.from([0x72, 0xff, 0xfe]).toString("latin1") });
  await writeFile(join(folder, "b.yaml"), Buffer.from([0xff, 0xfe, 0x00]));
  await symlink("nowhere.yaml", join(folder, "c.yaml"));
  const missing = join(folder, "missing.yaml");
  t.match(await loadRules(missing, vocabulary), {
    kind: "bad",
    problems: [{ file: missing, message: "file or folder not found", line: undefined }],
  });
  const { kind, ...read } = await readFiles(folder);
  t.equal(kind, "bad");
  t.match(read, {
    problems: [
      { file: join(folder, "b.yaml"), message: "the file is not UTF-8 text but perhaps UTF-16", remedy: "save it as UTF-8" },
      { file: join(folder, "c.yaml"), message: "file not found" },
    ],
  });
});

t.test("a pipe in the folder is a problem, where it once kept this and every later reload waiting", needs("mkfifo"), async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a"), sub: {} });
  execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
  await symlink("sub", join(folder, "to-folder.yaml"));
  await symlink("loop.yaml", join(folder, "loop.yaml"));
  t.match(await readFiles(folder), {
    kind: "bad",
    problems: [
      { file: join(folder, "loop.yaml"), message: "it cannot be read (ELOOP)", remedy: "the link leads back to itself" },
      { file: join(folder, "pipe.yaml"), message: "it is not a regular file" },
      { file: join(folder, "to-folder.yaml"), message: "it is not a regular file" },
    ],
  });
});

t.test("the fingerprint follows names and contents alone", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a") });
  const { fingerprint } = await readFiles(folder);
  await writeFile(join(folder, "a.yaml"), rule("a"));
  t.equal((await readFiles(folder)).fingerprint, fingerprint);
  await writeFile(join(folder, "a.yaml"), `${rule("a")}#`);
  t.not((await readFiles(folder)).fingerprint, fingerprint);
});

t.test("several paths are checked together, each file once, and all problems told", async (t) => {
  const folder = t.testdir({ "a.yaml": rule("a"), "b.yaml": "rules: 5\n" });
  const good = await loadAll([join(folder, "a.yaml"), join(folder, "a.yaml")], vocabulary);
  t.match(good, { kind: "ok", rules: { rules: [{ name: "a" }] } });
  const bad = await loadAll([folder, join(folder, "gone")], vocabulary);
  t.same(bad.kind === "bad" && bad.problems.map((problem) => problem.message), ["file or folder not found", "`rules` takes a list"]);
});

t.test("many rules are read in slices: the process keeps answering meanwhile", async (t) => {
  const text = `rules:\n${Array.from({ length: 1000 }, (_, index) => `  - name: r${index}\n    api: pay\n    result: RISK_REJECT\n`).join("")}`;
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 1);
  const parsed = await parseInSlices([{ file: "f", text }], vocabulary);
  clearInterval(ticking);
  t.equal(parsed.kind === "ok" && parsed.rules.rules.length, 1000);
  t.ok(turns >= 3, `${turns} turns`);
});

t.test("what is not text is told at its place, and so is a character that was lost before", async (t) => {
  const folder = t.testdir({});
  const file = join(folder, "a.yaml");
  const problem = async (bytes: string | Buffer): Promise<unknown> => {
    await writeFile(file, bytes);
    const read = await readFiles(file);
    return read.kind === "bad" && read.problems[0];
  };
  const latin = Buffer.concat([Buffer.from("rules:\n  - name: \u00e9\ufffd"), Buffer.from([0xe9]), Buffer.from("x\n")]);
  t.match(await problem(latin), { line: 2, message: "the file is not UTF-8 text from here on", remedy: "save it as UTF-8" });
  t.match(await problem("rules:\n  - name: \u00e9a\ufffdb\n"), {
    line: 2,
    column: 13,
    message: /^U\+FFFD stands for a character that was lost/,
  });
  t.match(await problem(Buffer.from("rules: []\n", "utf16le")), { message: /UTF-16/ });
});

t.test("a folder of more than 1,000 rules files is refused with a word", async (t) => {
  const folder = t.testdir({});
  await Promise.all(Array.from({ length: 1001 }, (_, index) => writeFile(join(folder, `${index}.yaml`), "rules: []\n")));
  t.match(await readFiles(folder), {
    kind: "bad",
    problems: [{ file: folder, message: "the folder holds 1001 rules files, and 1000 are the most" }],
  });
});
