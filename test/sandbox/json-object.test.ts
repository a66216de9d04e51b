/** Bodies as JSON objects in which null is absent. */
import t from "tap";
import { jsonObject } from "../../src/sandbox/json-object.ts";

const read = (text: string): unknown => jsonObject(Buffer.from(text));

t.test("members that are null are left out at every depth, entries of lists stay", async (t) => {
  t.same(read('{"a":null,"b":{"c":null,"d":[{"e":null,"f":0},null]},"g":"null","h":false,"i":""}'), {
    b: { d: [{ f: 0 }, null] },
    g: "null",
    h: false,
    i: "",
  });
  t.same(read('{"__proto__":null,"b":1}'), { b: 1 });
});

t.test("a `__proto__` stays a field of its own", async (t) => {
  const body = read('{"__proto__":{"productCode":"X","n":null}}');
  t.notOk(typeof body !== "object" || body === null || "productCode" in body);
  t.same(Object.entries(body ?? {}), [["__proto__", { productCode: "X" }]]);
});

t.test("what is no object is none: lists, texts, null, broken and empty bodies", async (t) => {
  for (const text of ["[]", '"a"', "null", "1", "", "{", '{"a":1}}', "\u0000"]) t.equal(read(text), undefined, text);
});

t.test("a body nested deeper than the stack is read all the same", async (t) => {
  const depth = 200_000;
  t.ok(jsonObject(Buffer.from(`{"a":null,"b":${"[".repeat(depth)}${"]".repeat(depth)}}`)));
  t.same(Object.keys(jsonObject(Buffer.from(`{"a":null,"b":${'{"a":'.repeat(depth)}null${"}".repeat(depth)}}`)) ?? {}), ["b"]);
});
