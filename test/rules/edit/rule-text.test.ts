/** One rule taken out of a text: its lines and comments, whatever the layout. */
import t from "tap";
import { parse } from "yaml";
import { vocabulary } from "../../../src/app/vocabulary.ts";
import { nameBy } from "../../../src/rules/edit/edit-sources.ts";
import { listOfOne, ruleText } from "../../../src/rules/edit/rule-text.ts";

const nameOf = nameBy(vocabulary);

const TEXT = `# all
rules:
  - name: first # one
    api: pay
    # why
    result: RISK_REJECT # so

  # of the second
  - {name: second, api: pay, abort: reset} # flow
  -   name: third
      api: pay
      http:
        status: 503
        body: |
          two
           lines
  - name: fourth
    api: pay
    abort: reset`;

t.test("a rule's own lines are taken with the comments between and behind them", async (t) => {
  t.equal(ruleText(TEXT, "first", nameOf)?.yaml, "name: first # one\napi: pay\n# why\nresult: RISK_REJECT # so");
  t.equal(ruleText(TEXT, "second", nameOf)?.yaml, "{name: second, api: pay, abort: reset}");
  t.equal(ruleText(TEXT, "third", nameOf)?.yaml, "name: third\napi: pay\nhttp:\n  status: 503\n  body: |\n    two\n     lines");
  t.equal(ruleText(TEXT, "fourth", nameOf)?.yaml, "name: fourth\napi: pay\nabort: reset");
  t.equal(ruleText(TEXT.replaceAll("\n", "\r\n"), "first", nameOf)?.yaml, "name: first # one\napi: pay\n# why\nresult: RISK_REJECT # so");
  t.equal(ruleText(TEXT, "fifth", nameOf), undefined);
  t.equal(ruleText("rules: 5", "first", nameOf), undefined);
});

t.test("the text taken means what the keys mean, and as a list of one it is read again as the same", async (t) => {
  for (const name of ["first", "second", "third", "fourth"]) {
    const taken = ruleText(TEXT, name, nameOf);
    t.same(parse(taken?.yaml ?? ""), taken?.rule, name);
    t.same(parse(listOfOne(taken?.yaml ?? "")), { rules: [taken?.rule] }, name);
  }
});

t.test("anchors and merges of other rules are part of the keys", async (t) => {
  const text = "rules:\n  - &base {name: a, api: pay, abort: reset}\n  - <<: *base\n    name: b\n";
  t.same(ruleText(text, "b", nameOf)?.rule, { name: "b", api: "pay", abort: "reset" });
});
