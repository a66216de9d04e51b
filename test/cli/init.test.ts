/** A project that has just begun: a first rules file whose schema the editor finds, and keys kept out of the repository. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import t from "tap";
import { vocabulary } from "../../src/app/vocabulary.ts";
import { initProject } from "../../src/cli/init.ts";
import { loadRules } from "../../src/rules/files/load.ts";

const STANDARD = { rules: "./rules", dataDir: "./.antom-fault-proxy" };

/** The file that the schema line of `file` names. */
function schemaOf(file: string): string {
  const line = /^# yaml-language-server: \$schema=(.+)$/m.exec(readFileSync(file, "utf8"));
  return resolve(dirname(file), line?.[1] ?? "");
}

t.test("the first rules file loads, no rule is active, and its schema is beside it", async (t) => {
  const project = t.testdir();
  const lines = await initProject({ project, ...STANDARD });
  const file = join(project, "rules", "rules.yaml");
  const loaded = await loadRules(join(project, "rules"), vocabulary);
  t.match(loaded, { kind: "ok" });
  if (loaded.kind === "ok") t.ok(loaded.rules.rules.length > 0 && loaded.rules.rules.every((rule) => !rule.activation.active));
  t.equal(schemaOf(file), join(project, "rules", "rules.schema.json"));
  t.ok(JSON.parse(readFileSync(schemaOf(file), "utf8")));
  t.equal(readFileSync(join(project, ".gitignore"), "utf8"), "# keys and state of antom-fault-proxy\n.antom-fault-proxy/\n");
  t.match(lines.join("\n"), /rules\/rules\.yaml written[\s\S]*\.gitignore: added \.antom-fault-proxy\//);
});

t.test("where the package is installed, its own schema is named", async (t) => {
  const project = t.testdir({ node_modules: { "antom-fault-proxy": { rules: { "rules.schema.json": "{}" } } } });
  await initProject({ project, ...STANDARD, rules: "faults/deep" });
  const file = join(project, "faults", "deep", "rules.yaml");
  t.equal(schemaOf(file), join(project, "node_modules", "antom-fault-proxy", "rules", "rules.schema.json"));
  t.notOk(existsSync(join(project, "faults", "deep", "rules.schema.json")));
  t.match(readFileSync(file, "utf8"), "node_modules/antom-fault-proxy/rules/examples/ holds");
});

t.test("nothing is replaced, and a second time nothing is added", async (t) => {
  const project = t.testdir({ "a.yaml": "rules: []\n", ".gitignore": "node_modules\n/.antom-fault-proxy" });
  t.same(await initProject({ project, ...STANDARD, rules: "a.yaml" }), [
    "a.yaml exists and was not changed",
    ".gitignore names .antom-fault-proxy already",
  ]);
  t.equal(readFileSync(join(project, "a.yaml"), "utf8"), "rules: []\n");
  t.equal(readFileSync(join(project, ".gitignore"), "utf8"), "node_modules\n/.antom-fault-proxy");
});

t.test("a .gitignore without a last line feed is continued on a new line; a data folder elsewhere needs no entry", async (t) => {
  const project = t.testdir({ ".gitignore": "dist" });
  mkdirSync(join(project, "rules"));
  writeFileSync(join(project, "rules", "rules.yaml"), "");
  await initProject({ project, ...STANDARD, dataDir: "../elsewhere" });
  t.equal(readFileSync(join(project, ".gitignore"), "utf8"), "dist");
  await initProject({ project, ...STANDARD, dataDir: "keys" });
  t.equal(readFileSync(join(project, ".gitignore"), "utf8"), "dist\n# keys and state of antom-fault-proxy\nkeys/\n");
});
