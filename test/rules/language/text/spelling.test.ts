/** What people write that YAML reads otherwise: each is told at its place, with a remedy that helps. */
import t from "tap";
import { problemsOf, rulesOf } from "../../../helpers/rules.ts";

const HEAD = "rules:\n  - name: a\n    api: pay\n    result: RISK_REJECT\n";

/** `line:column message; remedy` of every problem of one rule with these lines. */
function told(lines: string): string[] {
  return problemsOf(`${HEAD}${lines.replaceAll(/^/gm, "    ")}\n`).map(
    ({ line, column, message, remedy }) => `${line}:${column} ${message}; ${remedy}`,
  );
}

for (const [written, means] of [
  ["000123", "the number `123`"],
  ["+86138", "the number `86138`"],
  ["1.10", "the number `1.1`"],
  ["0x1F", "the number `31`"],
  ["0o17", "the number `15`"],
  ["12e5", "the number `1200000`"],
  ["True", "the truth value `true`"],
  ["FALSE", "the truth value `false`"],
  ["-0", "the number `0`"],
  [".5", "the number `0.5`"],
  [".inf", "the number `Infinity`"],
  ["1234567890123456789012345678901", "the number `1.2345678901234568e+30`"],
] as const) {
  t.test(`\`${written}\` without quotes is refused where it would be compared or sent as another text`, async (t) => {
    const words = `\`${written}\` is read as ${means}; put it in quotes: \`"${written}"\``;
    t.same(told(`when: {body: {paymentId: ${written}}}`), [`5:30 ${words}`]);
    t.same(told(`when:\n  not:\n    header: {x-id: {equal: ${written}}}`), [`7:32 ${words}`]);
    t.same(told(`when: {any: [{clientId: {in: [A, ${written}]}}]}`), [`5:38 ${words}`]);
    rulesOf(`${HEAD}    when: {body: {paymentId: "${written}"}}\n`);
  });
}

t.test("a number's spelling is free where its size alone counts", async (t) => {
  const { rules } = rulesOf(`${HEAD}    when: {body: {amount: {gt: 0x10, lte: 1.50}}}\n    times: 0x10\n    probability: 2.50e-1\n`);
  t.match(rules[0]?.activation, { times: 16, probability: 0.25 });
});

t.test("fields and bodies of answers, and the names of fields, are sent and compared as written", async (t) => {
  const fields = "rules:\n  - {name: a, api: pay, result: {code: SUCCESS, fields: {paymentId: 000123}}}\n";
  t.match(problemsOf(fields)[0], { line: 2, column: 69, message: "`000123` is read as the number `123`" });
  const body = "rules:\n  - {name: a, api: pay, http: {status: 200, body: {list: [1.10]}}}\n";
  t.match(problemsOf(body)[0], { line: 2, column: 59, message: "`1.10` is read as the number `1.1`" });
  t.same(told("when: {body: {0123: x}}"), ['5:19 `0123` is read as the number `123`; put it in quotes: `"0123"`']);
});

t.test("an alias brings the spelling of what it stands for", async (t) => {
  const text =
    "rules:\n  - {name: a, api: pay, abort: reset, times: &n 010}\n  - {name: b, api: pay, abort: reset, when: {body: {x: *n}}}\n";
  t.match(problemsOf(text), [{ line: 3, column: 56, message: "`010` is read as the number `10`" }]);
});

for (const [lines, expected] of [
  ["active: on", "5:13 `active` takes `true` or `false`, not the text `on`; write `true`"],
  ["active: No", "5:13 `active` takes `true` or `false`, not the text `No`; write `false`"],
  ["active: 1", "5:13 `active` takes `true` or `false`, not the number `1`; write `true`"],
  ["active: 'true'", "5:13 `active` takes `true` or `false`, not the text `true`; write it without quotes: `true`"],
  ["probability: 25%", "5:18 `probability` takes a number, not the text `25%`; write `0.25`"],
  ["probability: 25", "5:18 `probability` takes a number of at most 1, not the number `25`; write `0.25` for 25 %"],
  ["probability: 1/4", "5:18 `probability` takes a number, not the text `1/4`; write `0.25`"],
  ["probability: 0,25", "5:18 `probability` takes a number, not the text `0,25`; write `0.25`"],
  ["probability: '0.25'", "5:18 `probability` takes a number, not the text `0.25`; write it without quotes: `0.25`"],
  ["times: 1_000", "5:12 `times` takes a number, not the text `1_000`; write `1000`"],
  ["times: ~", "5:12 `times` is empty; give it a number, or remove it"],
  ["from: 2026-11-23", "5:11 this is not a time with an offset; write it as `2026-11-23T09:00:00Z` or `2026-11-23T09:00+08:00`"],
  ["until: 2027-02-30T00:00:00Z", "5:12 this date does not exist; check day and month"],
  ["until: 2026-11-31T00:00:00+08:00", "5:12 this date does not exist; check day and month"],
] as const) {
  t.test(`\`${lines}\` is answered with what was meant`, async (t) => t.same(told(lines), [expected]));
}

t.test("a leap day is a date where it is one", async (t) => {
  t.equal(rulesOf(`${HEAD}    until: 2028-02-29T23:59:59+14:00\n`).rules[0]?.activation.untilMs, Date.UTC(2028, 1, 29, 9, 59, 59));
  t.equal(told("until: 2027-02-29T00:00:00Z").length, 1);
});

const TEMPLATE =
  "this looks like a template that was not filled in; rules hold no templates: write the value out, or put it in quotes if it is meant as text";
for (const [lines, place] of [
  ["duration: {{ value }}", "5:15"],
  ["duration: {{ .Values.duration | quote }}", "5:15"],
  [`duration: $${"{DURATION}"}`, "5:15"],
  [`when: {body: {a: $${"{ID}"}}}`, "5:22"],
  ["description: {{ value }} more", "5:18"],
  ["{{- if .Values.on }}\nactive: true\n{{- end }}", "5:5"],
] as const) {
  t.test(`\`${lines}\` looks like a template`, async (t) => t.equal(told(lines)[0], `${place} ${TEMPLATE}`));
}

t.test("text that only looks like a template stays text in quotes", async (t) => {
  t.equal(rulesOf(`${HEAD}    when: {body: {a: "\${ID}"}}\n`).rules.length, 1);
  t.equal(rulesOf(`${HEAD}    description: "{{ value }}"\n`).rules.length, 1);
});

t.test("typographic quotes and spaces are told where they stand", async (t) => {
  t.match(told("when: {body: {a: \u201cb\u201d}}"), [/^5:22 typographic quotes are part of the text in YAML; write straight ones/]);
  t.match(told("when: {clientId: \u2018b\u2019}"), [/^5:22 typographic quotes/]);
  t.match(told("when: {body: {a: b\u00a0c}}"), [/^5:22 this text contains a special space character/]);
  t.match(told("duration:\u00a030m"), [
    /^5:14 YAML requires an ordinary space here, not another space character; replace it by an ordinary space/,
  ]);
  t.match(told("\u00a0duration: 30m"), [/^5:5 this text contains a special space character/]);
  t.equal(rulesOf(`${HEAD}    description: it\u2019s \u201cfine\u201d here\n`).rules.length, 1, "for people");
});

t.test("an alias is told where it stands, also one whose anchor comes later", async (t) => {
  const text = "rules:\n  - name: a\n    api: *later\n    abort: reset\n  - {name: b, api: &later pay, abort: reset}\n";
  t.match(problemsOf(text), [
    { line: 3, column: 10, message: "the alias `*later` refers to no anchor before it", remedy: /put `&later` before a value further up/ },
  ]);
});

t.test("a tab that indents is told where it stands", async (t) => {
  t.match(problemsOf("rules:\n  - name: a\n    api: pay\n  \t  abort: reset\n")[0], {
    line: 4,
    message: /tab/,
    remedy: "YAML allows only spaces there",
  });
});
