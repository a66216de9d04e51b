import t from "tap";
import { createRuleStore } from "../../src/rules/store.ts";
import { problemsOf, rulesOf } from "../helpers/rules.ts";

const FIRST = rulesOf("rules: []");
const SECOND = rulesOf("rules:\n  - {name: a, api: pay, abort: reset}\n");
const PROBLEMS = problemsOf("rules: 5");

t.test("bad files leave the rules in force alone, and good ones clear the problems", async (t) => {
  const store = createRuleStore(FIRST);
  store.reject(PROBLEMS);
  t.equal(store.current(), FIRST);
  t.equal(store.generation(), 1);
  t.same(store.problems(), PROBLEMS);
  store.replace(SECOND);
  t.equal(store.current(), SECOND);
  t.equal(store.generation(), 2);
  t.same(store.problems(), []);
});

t.test("subscribers are told what is in force now, until they leave", async (t) => {
  const store = createRuleStore(FIRST);
  const seen: string[] = [];
  const leave = store.subscribe((told) => seen.push(`${told.current().rules.length} rules, ${told.problems().length} problems`));
  store.reject(PROBLEMS);
  store.replace(SECOND);
  leave();
  store.replace(FIRST);
  t.same(seen, ["0 rules, 1 problems", "1 rules, 0 problems"]);
});
