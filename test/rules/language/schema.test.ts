import t from "tap";
import { vocabulary } from "../../../src/app/vocabulary.ts";
import { compileRule, ruleKeys } from "../../../src/rules/language/compile/compile-rule.ts";
import { type JsonSchema, rulesSchema } from "../../../src/rules/language/schema.ts";

const schema = rulesSchema(vocabulary);

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce((inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined), value);
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

t.test("a rule has exactly the keys that the parser knows", async (t) => {
  t.same(keysOf(at(schema, "definitions", "rule", "properties")).sort(), [...ruleKeys(vocabulary)].sort());
  t.equal(at(schema, "definitions", "rule", "additionalProperties"), false);
  t.same(
    keysOf(at(schema, "definitions", "when", "properties")),
    vocabulary.matchers.map((kind) => kind.key),
  );
});

t.test("conditions nest by reference, not for ever", async (t) => {
  t.same(at(schema, "definitions", "when", "properties", "not"), { $ref: "#/definitions/when" });
  t.match(at(schema, "definitions", "when", "properties", "any"), { type: "array", items: { $ref: "#/definitions/when" } });
});

t.test("every operation can be completed, and its codes where its list is fully known", async (t) => {
  t.same(at(schema, "definitions", "operation", "enum"), vocabulary.operations.names);
  const codes = at(schema, "definitions", "codes-pay", "enum");
  t.ok(Array.isArray(codes) && codes.includes("RISK_REJECT"));
  t.equal(at(schema, "definitions", "codes-cancel"), undefined, "a list that is not fully known restricts nothing");
  t.ok(JSON.stringify(schema).length < 150_000);
});

t.test("every reference leads somewhere", async (t) => {
  const references = [...JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name]) => name ?? "");
  const definitions = keysOf(schema["definitions"]);
  t.ok(references.length > 100);
  t.same(
    references.filter((name) => !definitions.includes(name)),
    [],
  );
});

t.test("every value of an enumeration is one that the parser takes", async (t) => {
  const faults: Readonly<Record<string, readonly unknown[]>> = { body: enumOf("fault-body"), abort: enumOf("fault-abort", "anyOf", "0") };
  for (const [key, values] of Object.entries(faults)) {
    t.ok(values.length > 2, key);
    for (const value of values) t.equal(compileRule({ name: "a", api: "pay", [key]: value }, vocabulary).kind, "ok", `${key}: ${value}`);
  }
  for (const code of enumOf("codes-pay"))
    t.equal(compileRule({ name: "a", api: "pay", result: { code, status: "F" } }, vocabulary).kind, "ok", String(code));
});

t.test("it can be made of any vocabulary", async (t) => {
  const bare: JsonSchema = rulesSchema({
    faults: [],
    matchers: [],
    correlation: [],
    operations: { names: [], check: () => ({ kind: "ok" }) },
  });
  t.same(at(bare, "definitions", "rule", "allOf"), []);
});

function enumOf(definition: string, ...path: string[]): readonly unknown[] {
  const found = at(schema, "definitions", definition, ...path, "enum");
  return Array.isArray(found) ? found : [];
}
