import fc from "fast-check";
import t from "tap";
import { compileGlob } from "../../../src/rules/language/glob.ts";

t.test("a glob matches the whole text", async (t) => {
  for (const [pattern, text, expected] of [
    ["abc", "abc", true],
    ["abc", "abcd", false],
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["*", "anything at all/really", true],
    ["a*c", "abbc", true],
    ["a*c", "ac", true],
    ["a*c", "acd", false],
    ["*99", "1099", true],
    ["?", "a", true],
    ["?", "", false],
    ["a?c", "abc", true],
    ["a.c", "abc", false],
    ["*a*a*", "banana", true],
  ] as const) {
    t.equal(compileGlob(pattern)(text), expected, `${pattern} ${text}`);
  }
});

t.test("with a separator one star stays within a segment and two cross them", async (t) => {
  for (const [pattern, text, expected] of [
    ["/ams/*/pay", "/ams/x/pay", true],
    ["/ams/*/pay", "/ams/x/y/pay", false],
    ["/ams/**/pay", "/ams/x/y/pay", true],
    ["/ams/**", "/ams/", true],
    ["/ams/**", "/ams", false],
    ["/ams/api//v1/*", "/ams/api//v1/x", true],
    ["/a?b", "/a/b", false],
    ["/*", "/", true],
  ] as const) {
    t.equal(compileGlob(pattern, { separator: "/" })(text), expected, `${pattern} ${text}`);
  }
});

t.test("a pattern that would take a backtracking matcher for ever is done at once", async (t) => {
  const hostile = compileGlob(`${"*a".repeat(200)}b`);
  t.equal(hostile("a".repeat(4000)), false);
});

t.test("a glob agrees with the regular expression of the same meaning", async () => {
  const pattern = fc.array(fc.constantFrom("a", "b", "/", "*", "?", "**"), { maxLength: 6 }).map((parts) => parts.join(""));
  const text = fc.array(fc.constantFrom("a", "b", "/"), { maxLength: 8 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(pattern, text, (glob, candidate) => {
      const source = glob.replaceAll(/\*{2,}|\*|\?/g, (token) => (token === "?" ? "[^/]" : token === "*" ? "[^/]*" : ".*"));
      return compileGlob(glob, { separator: "/" })(candidate) === new RegExp(`^${source}$`, "s").test(candidate);
    }),
    { numRuns: 1000 },
  );
});
