import fc from "fast-check";
import t from "tap";
import { parseDocument } from "yaml";
import { placeAt } from "../../src/rules/language/text/frame.ts";
import { createLineFinder } from "../../src/rules/language/text/line-finder.ts";
import { type Items, readItems } from "../../src/rules/language/text/read-items.ts";
import { readPlain } from "../../src/rules/language/text/read-plain.ts";
import { splitItems } from "../../src/rules/language/text/split-items.ts";

function itemsOf(text: string): Items {
  const steps = readItems(text);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

t.test("a frame shows two lines around and a caret as long as the mistake", async (t) => {
  const place = placeAt("one\ntwo\nthree\nfour\nfive\nsix\n", 8, 5);
  t.match(place, { line: 3, column: 1 });
  t.equal(place.frame, "  1 | one\n  2 | two\n> 3 | three\n    | ^^^^^\n  4 | four\n  5 | five");
});

t.test("line numbers stay aligned where they grow a digit", async (t) => {
  const text = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join("\n");
  const { frame } = placeAt(text, text.indexOf("line 9"), 4);
  t.equal(frame, "   7 | line 7\n   8 | line 8\n>  9 | line 9\n     | ^^^^\n  10 | line 10\n  11 | line 11");
});

t.test("a caret never leaves its line, and very long lines are cut around it", async (t) => {
  t.match(placeAt("ab\ncd", 1, 100).frame, /> 1 \| ab\n {4}\| {2}\^\n/);
  const { frame, column } = placeAt(`${"x".repeat(500)}!${"y".repeat(500)}`, 500, 1);
  t.equal(column, 501);
  t.ok((frame.split("\n")[0] ?? "").length < 140);
  const [line = "", caret = ""] = frame.split("\n");
  t.equal(line[caret.indexOf("^")], "!");
});

t.test("a place is found at the end, past the end, and in nothing", async (t) => {
  t.match(placeAt("", 0, 1), { line: 1, column: 1 });
  t.match(placeAt("a\n", 2, 1), { line: 2, column: 1 });
  t.match(placeAt("a", 99, 1), { line: 1, column: 2 });
});

t.test("lines are counted whatever the order of the questions", async (t) => {
  const lineAt = createLineFinder("a\nb\n\nc");
  t.same(
    [0, 2, 4, 5, 2, 0].map((offset) => lineAt(offset).line),
    [1, 2, 3, 4, 2, 1],
  );
  t.same(lineAt(5), { line: 4, column: 1 });
  t.same(lineAt(6), { line: 4, column: 2 });
  t.same(createLineFinder("")(0), { line: 1, column: 1 });
});

t.test("a file in the usual layout is cut at its rules", async (t) => {
  const text = "# head\n---\nrules: # here\n\n  # first\n  - name: a\n    x: |\n      - not a rule\n\n  -\n    name: b\n  # end\n";
  t.same(
    splitItems(text)?.map((item) => item.text.trim().slice(0, 9)),
    ["- name: a", "-\n    nam"],
  );
  t.same(splitItems("rules:\n- name: a\n- name: b\n")?.length, 2);
});

for (const [what, text] of [
  ["flow style", "rules: [a]\n"],
  ["a further key", "rules:\n  - a: 1\nother: 2\n"],
  ["a second document", "rules:\n  - a: 1\n---\nrules:\n"],
  ["no list", "rules:\n  a: 1\n"],
  ["uneven indentation", "rules:\n   - a: 1\n  - b: 1\n"],
] as const) {
  t.test(`a file with ${what} is read whole`, async (t) => t.equal(splitItems(text), undefined));
}

const word = fc.constantFrom(
  ..."pay|30m|1h30m|1e3|true|True|5|05|-1.5|0x1F|0o17|null|~|.5|+1|yes|a:b|a#b|2026-11-23|x y  z|[1, 2]|[a,b]|{a: 1, b: c}|{a: 1,b: 2}|{a: [c]}|{ a: b }|[ a ]|{a: }|{a}|'it''s'|'a: b # c'|\"\\u0041\"|\"a\"|*|&a|!t|a: b|- a|@x|a, b|a (b)|NULL|{null: a}|{a: 1, a: 2}|/ams/**/x|...|---".split(
    "|",
  ),
  "",
  "|\n        - text\n        more",
  ">-\n        folded\n        text",
  "\n      inner: 1\n      other: a",
  "\n      inner:\n        deep: {x: 1}\n      other: 2",
  "\n      - a\n      - b",
  "\n        far: 1\n      near: 2",
  "word\n      more",
);

t.test("reading rule by rule gives what reading the whole file gives", async (t) => {
  const scalar = fc.oneof(word, fc.stringMatching(/^[a-zA-Z0-9_/.*-]{1,12}$/), fc.stringMatching(/^[ -~]{0,12}$/));
  const key = fc.oneof(fc.stringMatching(/^[a-z]{1,3}$/), fc.constantFrom("null", "True", "a.b", "constructor", "<<", "1", "a b", "'q'"));
  const pair = fc.tuple(key, scalar, fc.constantFrom("", " # comment", "  ", " #", "#"));
  const item = fc.array(pair, { minLength: 1, maxLength: 4 });
  let alike = 0;
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 3 }), (items) => {
      const lines = items.map((pairs) =>
        pairs.map(([name, value, tail]) => `${name}: ${value}${value.includes("\n") ? "" : tail}`).join("\n    "),
      );
      const text = `rules:\n${lines.map((rule) => `  - ${rule}\n`).join("")}`;
      // Templates are refused here, and the library calls a merged `null` otherwise than its own.
      if (/\$[{(]|\{\{|\{%|<%|<<: \{null/.test(text)) return true;
      const whole = readWithLibrary(text);
      const { items: read, mistakes } = itemsOf(text);
      if (whole === undefined) return mistakes.length > 0;
      alike += 1;
      return mistakes.length === 0 && JSON.stringify(read.map((one) => one.value)) === JSON.stringify(whole);
    }),
    { numRuns: 5000 },
  );
  t.ok(alike > 100, `${alike} files were right`);
});

/** What the YAML library makes of the list under `rules:`; undefined where it finds mistakes. */
function readWithLibrary(text: string): unknown {
  try {
    const document = parseDocument(text, { merge: true, logLevel: "error" });
    if (document.errors.length + document.warnings.length > 0) return undefined;
    return document.toJS().rules;
  } catch {
    return undefined;
  }
}

t.test("the usual rules are read without the library", async (t) => {
  const usual = `  - name: a # words
    description: What it does (in words).

    api: [pay, refund]
    active: true
    duration: 1h30m
    # a comment
    when:
      clientId: "SANDBOX_A"
      body:
        paymentAmount.value: { gte: 100 }
    times: 3
    path: /ams/**/pay
`;
  t.same(readPlain(usual), {
    name: "a",
    description: "What it does (in words).",
    api: ["pay", "refund"],
    active: true,
    duration: "1h30m",
    when: { clientId: "SANDBOX_A", body: { "paymentAmount.value": { gte: 100 } } },
    times: 3,
    path: "/ams/**/pay",
  });
});
