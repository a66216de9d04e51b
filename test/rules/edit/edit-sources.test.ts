/** Edits of several rules files at once: all of them or none, in the order in which the folder is read. */
import t from "tap";
import { vocabulary } from "../../../src/app/vocabulary.ts";
import { changedSources, editSources, type FileEdit } from "../../../src/rules/edit/edit-sources.ts";

const text = (name: string): string => `rules:\n  - {name: ${name}, api: pay, active: true, abort: reset}\n`;
const A = { file: "rules/a.yaml", text: text("a") };
const Z = { file: "rules/z.yaml", text: text("z") };
const off = (file: string, name: string): FileEdit => ({ file, edit: { kind: "set", name, changes: { active: false } } });
const add = (file: string): FileEdit => ({ file, edit: { kind: "add", rule: { name: "new", api: "pay", abort: "reset" } } });

t.test("a file that is made takes its place in order of name; texts that no edit concerns stay as they are", async (t) => {
  const edited = editSources([A, Z], [add("rules/rules.yaml"), off(Z.file, "z")], vocabulary);
  if (edited.kind === "bad") throw new Error(edited.message);
  t.same(
    edited.sources.map(({ file }) => file),
    ["rules/a.yaml", "rules/rules.yaml", "rules/z.yaml"],
  );
  t.equal(edited.sources[0], A);
  t.match(edited.sources[1]?.text, /^rules:\n {2}- name: new\n/);
  t.match(edited.sources[2]?.text, /active: false/);
  t.same(
    changedSources([A, Z], edited.sources).map(({ file }) => file),
    ["rules/rules.yaml", "rules/z.yaml"],
  );
});

t.test("several edits of one file are applied one after the other; one that cannot be made spoils all, and names its file", async (t) => {
  t.match(editSources([A], [add(A.file), off(A.file, "a")], vocabulary), {
    kind: "ok",
    sources: [{ text: /name: new[\s\S]*name: a.*active: false/ }],
  });
  t.match(editSources([A, Z], [off(A.file, "a"), off(Z.file, "nobody")], vocabulary), {
    kind: "bad",
    message: /no rule `nobody`/,
    problems: [{ file: Z.file, message: /no rule `nobody`/ }],
  });
});
