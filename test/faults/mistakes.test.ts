import t from "tap";
import { z } from "zod";
import { durationShape } from "../../src/faults/duration-shape.ts";
import { describeValue, keyed, readShape } from "../../src/faults/mistakes.ts";
import { nearest, oneOf, suggestion } from "../../src/faults/nearest.ts";

const shape = keyed({
  word: z.string(),
  count: z.int().min(1).optional(),
  on: z.boolean().optional(),
  size: z.enum(["small", "large"]).optional(),
  list: z.array(z.string()).min(1).optional(),
  wait: durationShape(1, 1000).optional(),
  either: z.union([z.string(), keyed({ min: z.number(), max: z.number() })]).optional(),
});

function told(value: unknown): string[] {
  const read = readShape(shape, value, "key");
  return read.kind === "ok"
    ? []
    : read.mistakes.map(({ path, message, remedy }) => [`${path.join(".")}: ${message}`, remedy].filter(Boolean).join("; "));
}

t.test("what is right is read", async (t) => {
  t.same(readShape(shape, { word: "a", wait: "5ms" }, "key"), { kind: "ok", value: { word: "a", wait: 5 } });
});

t.test("mistakes are told in plain words, with what would be right", async (t) => {
  for (const [value, ...expected] of [
    [undefined, ": `key` is missing; give it a mapping"],
    [null, ": `key` is empty; give it a mapping, or remove it"],
    ["x", ": `key` takes a mapping, not the text `x`"],
    [{}, "word: `key.word` is missing; give it text"],
    [{ word: 5 }, "word: `key.word` takes text, not the number `5`; put it in quotes if it is meant as text"],
    [{ word: "a", count: 0 }, "count: `key.count` takes a number of at least 1, not the number `0`"],
    [{ word: "a", count: "3" }, "count: `key.count` takes a number, not the text `3`; write it without quotes: `3`"],
    [{ word: "a", on: "true" }, "on: `key.on` takes `true` or `false`, not the text `true`; write it without quotes: `true`"],
    [{ word: "a", size: "smal" }, "size: `key.size` takes `small` or `large`, not the text `smal`; did you mean `small`?"],
    [{ word: "a", list: [] }, "list: `key.list` is empty; fill it, or remove it"],
    [{ word: "a", list: ["b", 5] }, "list.1: `key.list.1` takes text, not the number `5`; put it in quotes if it is meant as text"],
    [
      { word: "a", cuont: 1, zzz: 1 },
      "cuont: unknown key `cuont`; did you mean `count`?",
      "zzz: unknown key `zzz`; use one of `word`, `count`, `on`, `size`, `list`, `wait`, `either`",
    ],
    [
      { word: "a", either: 5 },
      "either: `key.either` takes text, or a mapping, not the number `5`; put it in quotes if it is meant as text",
    ],
    [{ word: "a", either: { min: 1 } }, "either.max: `key.either.max` is missing; give it a number"],
    [{ word: "a", either: { min: 1, max: 2, mix: 3 } }, "either.mix: unknown key `mix`; did you mean `min`?"],
    [{ word: "a", wait: 5 }, "wait: `5` has no unit; write `5s` for seconds or `5m` for minutes"],
    [{ word: "a", wait: "2s" }, "wait: `2s` is out of bounds; use 1ms to 1s"],
    [{ word: "a", wait: "soon" }, "wait: `soon` is not a valid duration; write for example `30m`, `90s`, `1h30m` or `500ms`"],
  ] as const) {
    t.same(told(value), expected, JSON.stringify(value));
  }
});

t.test("a mistake about a key points at the key", async (t) => {
  const read = readShape(shape, { word: "a", x: 1 }, "key");
  t.match(read, { kind: "bad", mistakes: [{ path: ["x"], at: "key" }] });
});

t.test("values are shown short", async (t) => {
  t.equal(describeValue("x".repeat(100)), `the text \`${"x".repeat(40)}…\``);
  t.equal(describeValue([]), "a list");
  t.equal(describeValue({}), "a mapping");
  t.equal(describeValue(true), "the boolean `true`");
});

t.test("the nearest word, if it is near", async (t) => {
  t.equal(nearest("RISK-REJECT", ["RISK_REJECT"]), "RISK_REJECT");
  t.equal(nearest("durration", ["duration", "delay"]), "duration");
  t.equal(nearest("xyz", ["duration"]), undefined);
  t.equal(nearest("", ["a"]), undefined);
  t.equal(nearest("x".repeat(100_000), ["duration"]), undefined);
  t.equal(suggestion("zzzzzz", ["one", "two", "three"]), "use one of `one`, `two`, `three`");
  t.equal(suggestion("zzzzzz", []), undefined);
  t.equal(oneOf(["a", "b"]), "`a` or `b`");
});
