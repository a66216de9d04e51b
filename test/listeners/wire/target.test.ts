/** Request targets, parted without touching the path. */
import t from "tap";
import { splitTarget } from "../../../src/listeners/wire/target.ts";

t.test("an absolute form gives its authority and the path as it was written", async (t) => {
  const cases: readonly (readonly [string, string | undefined, string])[] = [
    ["/ams//api?x=%2F#", undefined, "/ams//api?x=%2F#"],
    ["//a.example/b", undefined, "//a.example/b"],
    ["https://a.example/ams/api//v1?q=http://b/", "a.example", "/ams/api//v1?q=http://b/"],
    ["HTTP://A.example:8080/", "A.example:8080", "/"],
    ["http://a.example", "a.example", "/"],
    ["http://a.example?q", "a.example", "/?q"],
    ["http://[::1]:80/x", "[::1]:80", "/x"],
    ["*", undefined, "*"],
    ["ftp://a.example/", undefined, "ftp://a.example/"],
  ];
  for (const [target, authority, path] of cases) t.same(splitTarget(target), { authority, path }, target);
});
