import t from "tap";
import { formatTable, wrapText } from "../../src/cli/layout.ts";

t.test("text is broken between words, and a word longer than the line stands alone", async (t) => {
  t.same(wrapText("one two three", 7), ["one two", "three"]);
  t.same(wrapText("a extraordinarily b", 5), ["a", "extraordinarily", "b"]);
  t.same(wrapText("", 5), [""]);
});

t.test("columns are as wide as their longest cell or their limit, and lines end without spaces", async (t) => {
  const columns = [
    { title: "CODE", maxWidth: 10 },
    { title: "TEXT", maxWidth: 7 },
  ];
  t.same(
    formatTable(columns, [
      ["A", "one two three"],
      ["LONGER", ""],
    ]),
    ["CODE    TEXT", "A       one two", "        three", "LONGER"],
  );
});
