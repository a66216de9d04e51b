import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { vocabulary } from "../src/app/vocabulary.ts";
import { parseRules } from "../src/rules/language/parse.ts";
import { projectRoot, runProgram } from "./helpers/program.ts";

const text = readFileSync(join(projectRoot, "README.md"), "utf8");
const packageJson = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));

t.test("every rules block of the README is accepted by the parser", async (t) => {
  const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  t.ok(blocks.length > 0);
  for (const block of blocks) {
    const parsed = parseRules([{ file: "README.md", text: block }], vocabulary);
    t.same(parsed.kind === "bad" ? parsed.problems : [], []);
  }
});

t.test("every path that the README names is there", async (t) => {
  const named = [...text.matchAll(/`((?:src|test|docs|docker|rules|\.ci)\/[\w./-]*|[A-Z]+\.md)`/g)].map(([, path = ""]) => path);
  t.ok(named.length > 5);
  for (const path of new Set(named)) t.ok(existsSync(join(projectRoot, path)), path);
});

t.test("every npm script that the README names is there", async (t) => {
  const scripts = [...text.matchAll(/npm (?:run )?(?!ci\b)([a-z]+)\b/g)].map(([, name = ""]) => name);
  for (const name of new Set(scripts)) t.ok(name in packageJson.scripts, name);
});

t.test("every command and flag that the README names is one of the program's", async (t) => {
  const { out } = await runProgram(["--help"], { cwd: projectRoot });
  const commands = [...text.matchAll(/antom-fault-proxy ([a-z]+)\b/g)].map(([, name = ""]) => name);
  for (const name of new Set(commands)) t.match(out, new RegExp(`^  ${name}\\b`, "m"), name);
  const helps = await Promise.all([...new Set(commands)].map((name) => runProgram([name, "--help"], { cwd: projectRoot })));
  const flags = [...text.matchAll(/(?<=[`\s(])(--[a-z][a-z-]+)/g)].map(([, flag = ""]) => flag);
  const known = helps.map((help) => help.out).join("\n");
  for (const flag of new Set(flags)) t.ok(known.includes(flag), flag);
});

t.test("the README's example from code runs as it stands", async (t) => {
  const block = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  t.match(block, /startProxy/);
  const { startProxy } = await import("../src/index.ts");
  const body = block.replace(/^import .*$/m, "");
  const AsyncFunction: new (...words: string[]) => (start: typeof startProxy) => Promise<void> = Object.getPrototypeOf(
    async () => {},
  ).constructor;
  await t.resolves(new AsyncFunction("startProxy", body)(startProxy), "it started, took the rule and stopped");
});
