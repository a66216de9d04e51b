import t from "tap";
import { explainText } from "../../src/cli/explain.ts";
import { explain } from "../../src/rules/select/explain.ts";
import { call, ledgerOf, rulesOf } from "../helpers/rules.ts";

const RULES = rulesOf(
  "rules:\n  - {name: a, api: refund, abort: reset}\n  - {name: b, api: pay, abort: reset}\n  - {name: c, api: pay, abort: hang}\n",
);

t.test("each rule is told with its place and its reason", async (t) => {
  const text = explainText(await explain(RULES, call(), await ledgerOf(RULES)), "text");
  t.equal(
    text,
    [
      "✘ a  (rules.yaml:2)",
      "    it is for `refund`, and the call is `pay`",
      "✔ b  (rules.yaml:3)",
      "    all its conditions hold: it resets the connection",
      "◦ c  (rules.yaml:4)",
      "    `b` comes first and acts",
      "",
    ].join("\n"),
  );
});

t.test("it says when no rule acts, and when there are none", async (t) => {
  t.match(
    explainText(await explain(RULES, call({ operation: "cancel" }), await ledgerOf(RULES)), "text"),
    /no rule acts: the call is forwarded\n$/,
  );
  t.equal(explainText([], "text"), "there are no rules: the call is forwarded\n");
  t.equal(explainText([], "json"), "[]\n");
});
