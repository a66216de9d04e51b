import t from "tap";
import { vocabulary } from "../../src/app/vocabulary.ts";
import { checkText } from "../../src/cli/check.ts";
import { type Parsed, parseRules } from "../../src/rules/language/parse.ts";

const parsed = (text: string): Parsed => parseRules([{ file: "rules/a,b.yaml", text }], vocabulary);
const GOOD = parsed("rules:\n  - {name: a, api: pay, result: RISK_REJECT}\n  - {name: b, api: pay, result: RISK_REJECT, active: false}\n");
const BAD = parsed("rules:\n  - name: a\n    api: pays\n    result: RISK_REJECT\n    x: 100%\n");

t.test("good files: one line, exit code 0", async (t) => {
  t.same(checkText(GOOD, "text"), { text: "2 rules, 1 active: no problems\n", exitCode: 0 });
  t.same(checkText(parsed("rules: []"), "text"), { text: "0 rules, 0 active: no problems\n", exitCode: 0 });
  t.same(checkText(GOOD, "github"), { text: "", exitCode: 0 });
});

t.test("bad files: every problem with its frame, exit code 1", async (t) => {
  const { text, exitCode } = checkText(BAD, "text");
  t.equal(exitCode, 1);
  t.match(text, /^rules\/a,b\.yaml:3:10: `pays` is not an API of Antom; did you mean `pay`\?\n {2}1 \| rules:/);
  t.match(text, /\n> 3 \| {5}api: pays\n {4}\| {10}\^\^\^\^\n/);
  t.match(text, /\n\n2 problems\n$/);
});

t.test("as JSON it is one object", async (t) => {
  t.match(JSON.parse(checkText(GOOD, "json").text), { ok: true, rules: 2, problems: [] });
  t.match(JSON.parse(checkText(BAD, "json").text), { ok: false, problems: [{ file: "rules/a,b.yaml", line: 3, column: 10 }, { line: 5 }] });
});

t.test("for GitHub each problem is one escaped annotation", async (t) => {
  const [first, second, ...rest] = checkText(BAD, "github").text.split("\n");
  t.equal(first, "::error file=rules/a%2Cb.yaml,line=3,col=10::`pays` is not an API of Antom; did you mean `pay`?");
  t.match(second, /^::error file=rules\/a%2Cb.yaml,line=5,col=5::unknown key `x`/);
  t.same(rest, [""]);
});
