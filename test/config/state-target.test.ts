import t from "tap";
import { stateTarget } from "../../src/config/state-target.ts";

t.test("a path is a file, however it is spelled", async (t) => {
  for (const path of ["state.json", "/var/lib/state.json", "./a:b.json", "C:\\state.json"])
    t.same(stateTarget(path), { kind: "ok", value: { kind: "file", path } }, path);
});

t.test("a URL is a Redis; its query names the prefix, and its credentials are kept out of what is shown", async (t) => {
  const read = (text: string): unknown => {
    const target = stateTarget(text);
    return target.kind === "ok" ? target.value : target.message;
  };
  const standard = { kind: "redis", prefix: "antom-fault-proxy" };
  t.same(read("redis://cache"), { ...standard, url: "redis://cache", shown: "redis://cache:6379/0" });
  t.same(read("redis://cache:6380/3"), { ...standard, url: "redis://cache:6380/3", shown: "redis://cache:6380/3" });
  t.same(read("rediss://me:geheim@cache/1?prefix=team-a"), {
    kind: "redis",
    prefix: "team-a",
    url: "rediss://me:geheim@cache/1",
    shown: "rediss://cache:6379/1",
  });
  t.same(read("redis://[::1]:6379"), { ...standard, url: "redis://[::1]:6379", shown: "redis://[::1]:6379/0" });
});

t.test("what is neither is refused, and never repeated with its password", async (t) => {
  for (const text of [
    "",
    "  ",
    "http://me:geheim@cache",
    "redis://",
    "redis://me:geheim@cache/a",
    "redis://me:geheim@cache/1/2",
    "redis://me:geheim@cache?db=1",
    "redis://me:geheim@cache?prefix=a{b}",
    "redis://me:geheim@cache:port",
  ]) {
    const target = stateTarget(text);
    t.equal(target.kind, "wrong", text);
    t.notMatch(JSON.stringify(target), "geheim");
  }
});
