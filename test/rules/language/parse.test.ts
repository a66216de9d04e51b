import fc from "fast-check";
import t from "tap";
import { vocabulary } from "../../../src/app/vocabulary.ts";
import { parseRules } from "../../../src/rules/language/parse.ts";
import { problemsOf, rulesOf } from "../../helpers/rules.ts";

t.test("a rule as the manual writes it", async (t) => {
  const { rules } = rulesOf(`
rules:
  - name: pay-risk-reject
    api: pay                 # an operation's name
    active: true
    duration: 30m
    result: RISK_REJECT
`);
  const [rule] = rules;
  t.equal(rules.length, 1);
  t.match(rule, {
    name: "pay-risk-reject",
    file: "rules.yaml",
    line: 3,
    callUpstream: false,
    activation: { active: true, durationMs: 1_800_000 },
  });
  t.same([...(rule?.operations ?? [])], ["pay"]);
  t.match(rule?.faults[0], { kind: "result", summary: /RISK_REJECT/ });
});

for (const [name, text] of [
  ["an empty file", ""],
  ["only a comment", "# nothing yet\n"],
  ["an empty list", "rules: []\n"],
  ["a list without entries", "rules:\n"],
  ["a byte order mark and Windows line ends", "\uFEFFrules:\r\n"],
] as const) {
  t.test(`${name} means no rules`, async (t) => t.equal(rulesOf(text).rules.length, 0));
}

t.test("flow style, a document marker, anchors and merge keys are YAML too", async (t) => {
  const flow = rulesOf('{rules: [{name: a, api: pay, result: RISK_REJECT}, {name: b, api: "*", forward: true}]}');
  t.same(
    flow.rules.map((rule) => rule.name),
    ["a", "b"],
  );
  const anchored = rulesOf("---\nrules:\n  - &base\n    name: a\n    api: pay\n    result: RISK_REJECT\n  - <<: *base\n    name: b\n");
  t.same(
    anchored.rules.map((rule) => rule.name),
    ["a", "b"],
  );
  t.same([...(anchored.rules[1]?.operations ?? [])], ["pay"]);
});

t.test("every mistake is told at once, each with its place, a frame and a remedy", async (t) => {
  const problems = problemsOf(`rules:
  - name: one
    api: pays
    duration: 30
  - name: two
    api: pay
    active: "yes"
    reslt: RISK_REJECT
`);
  const nothing = "add one of `delay`, `result`, `http`, `body`, `signature`, `throttle`, `abort`, or `forward: true` to let calls pass";
  t.same(
    problems.map(({ line, column, message, remedy }) => [line, column, message, remedy]),
    [
      [2, 5, "the rule has no effect", nothing],
      [3, 10, "`pays` is not an API of Antom", "did you mean `pay`?"],
      [4, 15, "`30` has no unit", "write `30s` for seconds or `30m` for minutes"],
      [5, 5, "the rule has no effect", nothing],
      [7, 13, "`active` takes `true` or `false`, not the text `yes`", "write `true`"],
      [8, 5, "unknown key `reslt`", "did you mean `result`?"],
    ],
  );
  t.equal(
    problems[1]?.frame,
    [
      "  1 | rules:",
      "  2 |   - name: one",
      "> 3 |     api: pays",
      "    |          ^^^^",
      "  4 |     duration: 30",
      "  5 |   - name: two",
    ].join("\n"),
  );
});

t.test("places are right in flow style too, and behind Windows line ends", async (t) => {
  const [flow] = problemsOf("{rules: [{name: a, api: pay,\n  result: RISK_REJECTED}]}");
  t.match(flow, { line: 2, column: 11, message: /RISK_REJECTED/ });
  const [windows] = problemsOf("rules:\r\n  - name: a\r\n    api: pay\r\n    result: RISK_REJECTED\r\n");
  t.match(windows, { line: 4, column: 13 });
  t.notMatch(windows?.frame, /\r/);
});

for (const [name, text, line, column, message] of [
  ["a key written twice", "rules:\n  - name: a\n    name: b\n    api: pay\n    result: RISK_REJECT\n", 3, 5, "this key is written twice"],
  ["brackets nested without end", `rules: ${"[".repeat(20_000)}`, 1, undefined, "brackets or braces are nested too deeply to be read"],
  ["a tab", "rules:\n  - name: a\n\tapi: pay\n", 3, 1, /tab/],
  ["an open quote", 'rules:\n  - name: "a\n    api: pay\n', 2, 11, /never closed/],
  ["a custom tag", "rules:\n  - name: !x a\n    api: pay\n    result: RISK_REJECT\n", 2, 11, /tags/],
  ["an alias without an anchor", "rules:\n  - *nothing\n", undefined, undefined, /alias/],
  ["a second document", "rules: []\n---\nrules: []\n", undefined, undefined, /more than one document/],
  ["a list at the top", "- name: a\n", 1, 3, /does not begin with `rules:`/],
  ["a stranger at the top", "ruels:\n  - name: a\n", 1, 1, "unknown key `ruels` at the top of the file"],
  ["rules that are no list", "rules:\n  name: a\n", 2, 3, "`rules` takes a list"],
  ["a rule that is no mapping", "rules:\n  - pay\n", 2, 5, "a rule is a mapping, not the text `pay`"],
  ["a rule that is nothing", "rules:\n  -\n", undefined, undefined, "a rule is a mapping, not nothing"],
] as const) {
  t.test(`${name} is told with its place`, async (t) => {
    const [problem] = problemsOf(text);
    t.match(problem?.message, message);
    if (line !== undefined) t.equal(problem?.line, line);
    if (column !== undefined) t.equal(problem?.column, column);
    t.match(problem?.message, /^[^A-Z]/);
    t.notMatch(problem?.message, /\.$/);
  });
}

t.test("a mistake in one rule does not hide those in the next", async (t) => {
  const problems = problemsOf("rules:\n  - name: a\n    name: b\n  - name: c\n    api: nope\n    result: RISK_REJECT\n");
  t.same(
    problems.map((problem) => problem.line),
    [3, 5],
  );
});

t.test("aliases that multiply are refused, soon", async (t) => {
  const bomb = ["rules:", "  - a: &a [x,x,x,x,x,x,x,x,x,x]"];
  for (let level = 1; level < 9; level += 1) {
    const [from, to] = [String.fromCharCode(96 + level), String.fromCharCode(97 + level)];
    bomb.push(`  - ${to}: &${to} [${Array(10).fill(`*${from}`).join(",")}]`);
  }
  const problems = problemsOf(`${bomb.join("\n")}\n`);
  t.match(
    problems.find(({ message }) => message.includes("multiply")),
    { line: 6, column: 12, message: "the alias `*d` stands for too many values: aliases multiply", remedy: "write the values out" },
  );
});

t.test("a name that is taken names both places, over several files", async (t) => {
  const rule = "rules:\n  - name: same\n    api: pay\n    result: RISK_REJECT\n";
  const parsed = parseRules(
    [
      { file: "a.yaml", text: rule },
      { file: "b.yaml", text: `# b\n${rule}` },
    ],
    vocabulary,
  );
  t.match(parsed, {
    kind: "bad",
    problems: [
      {
        file: "b.yaml",
        line: 3,
        column: 11,
        message: "the name `same` is taken by the rule at a.yaml:2",
        remedy: "give one of them another name",
      },
    ],
  });
});

t.test("files keep the order they are given in", async (t) => {
  const file = (name: string): { file: string; text: string } => ({
    file: name,
    text: `rules:\n  - name: ${name}\n    api: pay\n    forward: true\n`,
  });
  const parsed = parseRules([file("a"), file("b"), file("c")], vocabulary);
  t.same(parsed.kind === "ok" && parsed.rules.rules.map((rule) => rule.name), ["a", "b", "c"]);
});

t.test("of very many mistakes the first are listed and the rest counted", async (t) => {
  const problems = problemsOf(`rules:\n${"  - x: 1\n".repeat(1000)}`);
  t.equal(problems.length, 51);
  t.match(problems.at(-1)?.message, /^\d+ more mistakes in this file$/);
});

t.test("no text makes the parser throw, and every problem has its place", async () => {
  const word = fc.constantFrom(
    "rules:",
    "- ",
    "  ",
    "\n",
    "name: a",
    "api: pay",
    "result: RISK_REJECT",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "|",
    ">",
    "&a",
    "*a",
    "!t",
    "#",
    "?",
    ":",
    "\t",
    "\r",
    "<<: ",
    "__proto__: 1",
    "when: {body: {a.b: {gt: 1}}}",
    "steps:",
    "delay: {min: 1s, max: 2s}",
    "\u0000",
    "💥",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 40 }).map((words) => words.join("")),
    fc.array(word, { maxLength: 40 }).map((words) => `rules:\n  - ${words.join("\n    ")}`),
  );
  fc.assert(
    fc.property(text, (source) => {
      const parsed = parseRules([{ file: "f", text: source }], vocabulary);
      return (
        parsed.kind === "ok" ||
        parsed.problems.every((problem) => (problem.line ?? 1) >= 1 && (problem.column ?? 1) >= 1 && problem.message !== "")
      );
    }),
    { numRuns: 500 },
  );
});

t.test("no value in a rule makes the parser throw", async () => {
  const keys = [
    "name",
    "api",
    "path",
    "when",
    "active",
    "duration",
    "from",
    "until",
    "skip",
    "times",
    "probability",
    "per",
    "upstream",
    "forward",
    "steps",
    "then",
    "delay",
    "result",
    "http",
    "body",
    "throttle",
    "abort",
  ];
  const rule = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue(), { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), (rules) => {
      const parsed = parseRules([{ file: "f", text: JSON.stringify({ rules }) }], vocabulary);
      return parsed.kind === "ok" || parsed.problems.length > 0;
    }),
    { numRuns: 500 },
  );
});

function plainRules(count: number, prefix = "r"): string {
  return `rules:\n${Array.from({ length: count }, (_, index) => `  - {name: ${prefix}${index}, api: pay, abort: reset}\n`).join("")}`;
}

t.test("more than 50,000 rules, in one file or in all, are refused with a word, and so are more than 16 MiB", async (t) => {
  t.match(problemsOf(plainRules(50_001)), [{ line: 50_002, message: "there are more than 50000 rules", remedy: /in: \[/ }]);
  const files = ["a", "b"].map((name) => ({ file: `${name}.yaml`, text: plainRules(25_001, name) }));
  t.match(parseRules(files, vocabulary), { problems: [{ file: "b.yaml", message: "with this file there are more than 50000 rules" }] });
  const large = { file: "large.yaml", text: `rules:\n${"#".repeat(16 * 1024 * 1024)}` };
  t.match(parseRules([large], vocabulary), {
    problems: [{ file: "large.yaml", message: "with this file there are more than 16 MiB of rules" }],
  });
  t.match(problemsOf(`{rules: [${" ".repeat(256 * 1024)}]}`), [{ message: /^a file of more than 256 KiB must have one block list/ }]);
  const long = `rules:\n  - {name: a, api: pay, abort: reset}\n  - name: b\n    api: pay\n    http: {status: 503, body: "${"x".repeat(256 * 1024)}"}\n`;
  t.match(problemsOf(long), [{ line: 3, message: "a rule of more than 256 KiB", remedy: /^split it/ }]);
});

t.test("a key written twice is told at any depth, however it is spelt; a merged key may be overridden", async (t) => {
  const twice = (when: string): unknown =>
    problemsOf(`rules:\n  - {name: a, api: pay, abort: reset, when: ${when}}\n`).map(({ message, column }) => `${column} ${message}`);
  t.strictSame(twice('{body: {a: "1", b: "2", "a": "3"}}'), ["69 this key is written twice"]);
  t.strictSame(twice('{body: {1: "1", "1": "2"}}'), ["61 this key is written twice"]);
  t.equal(rulesOf('rules:\n  - {name: a, api: pay, abort: reset, when: {body: {<<: {a: "1"}, a: "2"}}}\n').rules.length, 1);
  const flow = "{rules: [{name: a, api: pay, abort: reset, api: refund}]}";
  t.match(problemsOf(flow), [{ line: 1, message: "this key is written twice" }]);
});

/** Milliseconds of CPU that reading `text` takes: the least of three. */
function cpuOf(text: string): number {
  const once = (): number => {
    const startedAt = process.cpuUsage();
    parseRules([{ file: "f", text }], vocabulary);
    const { user, system } = process.cpuUsage(startedAt);
    return (user + system) / 1000;
  };
  return Math.min(once(), once(), once());
}

t.test("a mapping of many keys costs what its text costs", async (t) => {
  const text = (keys: number): string => {
    const fields = Array.from({ length: keys }, (_, index) => `k${index}: &a${index} "v"`).join(", ");
    return `rules:\n  - name: a\n    api: pay\n    result: {code: SUCCESS, fields: {${fields}}}\n`;
  };
  cpuOf(text(200));
  const [few, many] = [cpuOf(text(800)), cpuOf(text(8000))];
  // Ten times the text; comparing each key with all others took a hundred times as long.
  t.ok(many < 40 * Math.max(few, 5), `${few.toFixed(1)} ms for 800 keys, ${many.toFixed(1)} ms for 8,000`);
});

t.test("anchors and aliases cost what their text costs, however many, also from one rule to the next", async (t) => {
  const rule = (index: number): string =>
    `  - {name: r${index}, api: pay, abort: reset, when: {body: {a: &v${index} "x y ${index}", b: *v${Math.floor(index / 2)}}}}\n`;
  const text = (count: number): string => `rules:\n${Array.from({ length: count }, (_, index) => rule(index)).join("")}`;
  t.match(rulesOf(text(4)).rules[3]?.matchers[0]?.summary, "`b` is `x y 1`");
  // As one document its anchors were looked up from its beginning for each alias: quadratic, and seconds for 5,000.
  cpuOf(text(100));
  const [few, many] = [cpuOf(text(500)), cpuOf(text(5000))];
  t.ok(many < 40 * Math.max(few, 5), `${few.toFixed(1)} ms for 500 rules, ${many.toFixed(1)} ms for 5,000`);
});
