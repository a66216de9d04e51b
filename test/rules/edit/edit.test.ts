/** Editing a rules file touches the lines concerned and nothing else. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import t from "tap";
import { parse, stringify } from "yaml";
import { editRules, type RulesEdit } from "../../../src/rules/edit/edit.ts";

const FILE = `# My rules.
# yaml stays as I wrote it

rules:
  # risk
  - name: pay-risk        # the first
    api:  pay
    active: false   # switched by the page
    duration:   30m
    result: "RISK_REJECT"

  - {name: flow, api: refund, active: true, result: X}   # flow style

  - name: last
    description: >
      several
      lines
    api: [pay, refund]
    result: {code: Y, status: F}
# the end
`;

const nameOf = (authored: unknown): string | undefined => {
  const name = typeof authored === "object" && authored !== null ? Reflect.get(authored, "name") : undefined;
  return typeof name === "string" ? name : undefined;
};

function edit(text: string, ...edits: RulesEdit[]): string {
  const edited = editRules(text, edits, nameOf);
  if (edited.kind === "bad") throw new Error(edited.message);
  return edited.text;
}

t.test("a value is set in its place; all else stays byte for byte", async (t) => {
  t.equal(
    edit(FILE, { kind: "set", name: "pay-risk", changes: { active: true, duration: "1h30m" } }),
    FILE.replace("active: false   #", "active: true   #").replace("duration:   30m", "duration:   1h30m"),
  );
  t.equal(
    edit(FILE, { kind: "set", name: "flow", changes: { active: false } }),
    FILE.replace("active: true, result", "active: false, result"),
  );
});

t.test("a new key stands after those that say what the rule is for", async (t) => {
  t.equal(
    edit(FILE, { kind: "set", name: "last", changes: { active: false } }),
    FILE.replace("    api: [pay, refund]\n", "    api: [pay, refund]\n    active: false\n"),
  );
  const noDuration = FILE.replace("    duration:   30m\n", "");
  t.equal(
    edit(noDuration, { kind: "set", name: "pay-risk", changes: { active: true, duration: "5m" } }),
    noDuration.replace("active: false   # switched by the page\n", "active: true   # switched by the page\n    duration: 5m\n"),
  );
});

t.test("a key is taken away with its line", async (t) => {
  t.equal(edit(FILE, { kind: "set", name: "pay-risk", changes: { duration: undefined } }), FILE.replace("    duration:   30m\n", ""));
  t.equal(edit(FILE, { kind: "set", name: "last", changes: { duration: undefined } }), FILE, "one that is not there needs nothing");
});

t.test("a rule is added before all others, in the file's own layout", async (t) => {
  const added = edit(FILE, { kind: "add", rule: { name: "new", api: "pay", result: "PROCESS_FAIL" } });
  t.equal(added, FILE.replace("rules:\n", "rules:\n  - name: new\n    api: pay\n    result: PROCESS_FAIL\n\n"));
  const tight = "rules:\n- name: a\n  api: pay # why\n";
  t.equal(edit(tight, { kind: "add", rule: { name: "b" } }), "rules:\n- name: b\n- name: a\n  api: pay # why\n");
});

t.test("a rule is added to a file that has none yet", async (t) => {
  const rule = { name: "a", api: "pay" };
  const block = "  - name: a\n    api: pay\n";
  const cases = [
    ["", `rules:\n${block}`],
    ["# only a comment\n", `# only a comment\nrules:\n${block}`],
    ["# no line end", `# no line end\nrules:\n${block}`],
    ["rules: []\n", `rules:\n${block}`],
    ["rules: [] # none yet\n# end\n", `rules: # none yet\n${block}# end\n`],
    ["rules:\n  # - name: example\n", `rules:\n${block}  # - name: example\n`],
    ["rules:", `rules:\n${block}`],
  ] as const;
  for (const [before, after] of cases) t.equal(edit(before, { kind: "add", rule }), after, JSON.stringify(before));
});

t.test("windows line ends stay", async (t) => {
  const windows = FILE.replaceAll("\n", "\r\n");
  const edited = edit(
    windows,
    { kind: "set", name: "last", changes: { active: true } },
    { kind: "add", rule: { name: "new", api: "pay" } },
  );
  t.notMatch(edited.replaceAll("\r\n", ""), /[\r\n]/);
  t.match(edited, "api: [pay, refund]\r\n    active: true\r\n");
});

t.test("where no line can be changed alone the file is written anew, comments kept", async (t) => {
  const block = "rules:\n  # why\n  - name: a\n    active:\n      true\n    api: pay # here\n";
  const anchors = "rules:\n  - &a {name: a, active: true} # one\n  - name: b # two\n    <<: *a\n";
  for (const [text, name] of [
    [block, "a"],
    [anchors, "b"],
    ["rules: [{name: a}] # c\n", "a"],
  ] as const) {
    const edited = edit(text, { kind: "set", name, changes: { active: false } });
    const rule = parse(edited, { merge: true }).rules.find((one: { name: string }) => one.name === name);
    t.equal(rule.active, false, text);
    t.equal(edited.match(/#/g)?.length, text.match(/#/g)?.length, edited);
  }
});

t.test("what cannot be edited is said", async (t) => {
  const bad = (text: string, name = "a"): unknown => editRules(text, [{ kind: "set", name, changes: { active: true } }], nameOf);
  t.match(bad("rules: [\n"), { kind: "bad", message: /not valid YAML/ });
  t.match(bad("- a\n"), { kind: "bad", message: /does not begin with `rules:`/ });
  t.match(bad("rules: 5\n"), { kind: "bad", message: /`rules` takes a list/ });
  t.match(bad("rules: {a: b}\n"), { kind: "bad", message: /`rules` takes a list/ });
  t.match(bad(FILE, "nobody"), { kind: "bad", message: /no rule `nobody`/ });
  t.match(bad("rules: 5\n"), { kind: "bad" });
});

t.test("for any rules, an edit changes what it says and no meaning else", async (t) => {
  const value = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.integer(),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.dictionary(fc.string(), fc.string()),
  );
  const rule = fc.record(
    { name: fc.constantFrom("a", "b", "c"), api: value, active: fc.boolean(), other: value },
    { requiredKeys: ["name"] },
  );
  const keepsTheRest = fc.property(fc.uniqueArray(rule, { maxLength: 3, selector: (one) => one.name }), rule, (rules, added) => {
    const text = `# top\n${stringify({ rules })}# end\n`;
    const [first] = rules;
    const changes = { active: true, duration: "1h" };
    const edits: RulesEdit[] = [
      { kind: "add", rule: { ...added, name: "z" } },
      ...(first ? [{ kind: "set", name: first.name, changes } as const] : []),
    ];
    const edited = edit(text, ...edits);
    const expected = [{ ...added, name: "z" }, ...rules.map((one) => (one === first ? { ...one, ...changes } : one))];
    const plain = JSON.parse(JSON.stringify(expected));
    return (
      isDeepStrictEqual(JSON.parse(JSON.stringify(parse(edited).rules)), plain) &&
      edited.startsWith("# top\n") &&
      edited.endsWith("# end\n")
    );
  });
  t.doesNotThrow(() => fc.assert(keepsTheRest, { numRuns: 200 }));
});
