import fc from "fast-check";
import t from "tap";
import { memberText, textAfterName } from "../../src/http/member-text.ts";

const PATH = ["result", "resultCode"];

/** What parsing the whole body gives. */
function parsedText(body: string): unknown {
  const value: unknown = JSON.parse(body);
  const result = fieldOf(value, "result");
  const code = fieldOf(result, "resultCode");
  return typeof code === "string" ? code : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

t.test("whatever the JSON, the text is the one that parsing all of it gives", async (t) => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.json());
  const names = fc.oneof(fc.constantFrom("result", "resultCode", "resultMessage", "a"), fc.string());
  const { object } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("object")),
    object: fc.dictionary(names, tie("value"), { maxKeys: 5 }),
  }));
  const indents = fc.constantFrom(undefined, 1, "\t", "\r\n ");
  fc.assert(
    fc.property(object, fc.option(fc.string(), { nil: undefined }), indents, (around, code, indent) => {
      const value = code === undefined ? around : { ...around, result: { ...around, resultCode: code } };
      const body = JSON.stringify(value, undefined, indent);
      t.equal(memberText(Buffer.from(body), PATH), parsedText(body));
    }),
    { numRuns: 500 },
  );
});

t.test("bytes that are no JSON give nothing, or what stands there before it goes wrong, and never throw", async (t) => {
  for (const [body, text] of [
    ["", undefined],
    ["{", undefined],
    ["[]", undefined],
    ['"result"', undefined],
    ['{"result"', undefined],
    ['{"result":', undefined],
    ['{"result":{"resultCode"', undefined],
    ['{"result":{"resultCode":"A', undefined],
    ['{"result":{"resultCode":"A\\', undefined],
    ['{"result":{"resultCode":"\\x"}}', undefined],
    ['{"result":{"resultCode":7}}', undefined],
    ['{"x":{"result":{"resultCode":"A"}}}', undefined],
    ['{"x":"\\"result\\":{","result":{"resultCode":"A"}}', "A"],
    ['{"result":{"resultCode":"A"', "A"],
    ['{"result":{"resultCode":""}}', ""],
    ['{"result":{"resultCode":"A\nB"}}', undefined],
    ['\n { "result" : { "resultMessage" : "}" , "resultCode" : "\\u00c4\u00e4" } }', "Ää"],
  ] as const)
    t.equal(memberText(Buffer.from(body), PATH), text, body);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      memberText(Buffer.from(bytes), PATH);
    }),
  );
});

t.test("a text after its name, wherever that stands", async (t) => {
  for (const [after, text] of [
    [':"20261123_1.a:b-c"', "20261123_1.a:b-c"],
    [' :\n "a" , "b": 1', "a"],
    [': "\\u0041\\"\u00e4"', 'A"\u00e4'],
    [":7", undefined],
    [':"a', undefined],
    [':"', undefined],
    ['"a"', undefined],
    ["", undefined],
  ] as const)
    t.equal(textAfterName(Buffer.from(`"id"${after}`), 4), text, after);
});
