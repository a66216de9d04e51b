import t from "tap";
import { pathnameOf } from "../../src/http/pathname.ts";

t.test("the query is left off, and nothing else is touched", async (t) => {
  const table: readonly [string, string][] = [
    ["/a//b?c=d", "/a//b"],
    ["/a?b?c", "/a"],
    ["/a%3Fb", "/a%3Fb"],
    ["/a", "/a"],
    ["?a", ""],
    ["", ""],
  ];
  for (const [path, pathname] of table) t.equal(pathnameOf(path), pathname, path);
});
