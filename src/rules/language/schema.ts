/** The JSON Schema of a rules file, built from the parser's own schemas, so that editors complete exactly what `check` accepts. */
import { z } from "zod";
import { RULE_SHAPES, STEP_SHAPES } from "./compile/authored.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A JSON Schema as plain data (draft 7, the best supported in editors). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of a rules file; `result` is completed with the codes of the rule's API when the catalogue's list is complete. */
export function rulesSchema(vocabulary: Vocabulary): JsonSchema {
  const faults = Object.fromEntries(vocabulary.faults.map((kind) => [kind.key, { $ref: `#/definitions/fault-${kind.key}` }]));
  const when = { $ref: "#/definitions/when" };
  const step = { type: "object", additionalProperties: false, properties: { ...shapesOf(STEP_SHAPES), ...faults } };
  const own = {
    ...shapesOf(RULE_SHAPES),
    api: apiSchema(vocabulary),
    per: perSchema(vocabulary),
    when,
    steps: { type: "array", minItems: 1, items: step },
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "antom-fault-proxy rules",
    type: "object",
    additionalProperties: false,
    properties: { rules: { type: ["array", "null"], items: { $ref: "#/definitions/rule" } } },
    definitions: {
      rule: {
        type: "object",
        additionalProperties: false,
        properties: { ...own, ...faults },
        oneOf: [{ required: ["api"] }, { required: ["path"] }],
        allOf: codeConditions(vocabulary),
      },
      when: whenSchema(vocabulary),
      operation: { enum: vocabulary.operations.names },
      ...Object.fromEntries(vocabulary.faults.map((kind) => [`fault-${kind.key}`, shapeOf(kind.schema)])),
      ...codeLists(vocabulary),
    },
  };
}

function apiSchema(vocabulary: Vocabulary): JsonSchema {
  const operation = { $ref: "#/definitions/operation" };
  const { description } = shapeOf(RULE_SHAPES.api);
  return vocabulary.operations.names.length === 0
    ? shapeOf(RULE_SHAPES.api)
    : { description, anyOf: [{ const: "*" }, operation, { type: "array", minItems: 1, items: operation }] };
}

/** With the fields that stand for one another as the first to think of. */
function perSchema({ correlation }: Vocabulary): JsonSchema {
  const fields = correlation.map(({ field }) => field);
  const own = shapeOf(RULE_SHAPES.per);
  return fields.length === 0
    ? own
    : { ...own, description: `body field whose every value has tallies of its own: ${fields.join(", ")}, or any dotted path` };
}

function whenSchema(vocabulary: Vocabulary): JsonSchema {
  // A placeholder for the block itself, which zod would expand recursively without end.
  const nested = z.record(z.string(), z.unknown()).meta({ nestedWhen: true });
  const properties = Object.fromEntries(vocabulary.matchers.map((kind) => [kind.key, pointToWhen(shapeOf(kind.schema(nested)))]));
  return { type: "object", additionalProperties: false, minProperties: 1, properties };
}

function pointToWhen(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(pointToWhen);
  if (typeof schema !== "object" || schema === null) return schema;
  if ("nestedWhen" in schema) return { $ref: "#/definitions/when" };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, pointToWhen(value)]));
}

/** One condition per operation: a rule for it may use only its codes in `result`, unless `allowUnknown` is set. */
function codeConditions(vocabulary: Vocabulary): readonly JsonSchema[] {
  return withCodes(vocabulary).map(({ name }) => {
    const codes = { $ref: `#/definitions/codes-${name}` };
    const result = { anyOf: [codes, { type: "object", properties: { code: codes } }] };
    const steps = { items: { properties: { result } } };
    return {
      if: {
        required: ["api"],
        properties: { api: { const: name } },
        not: { required: ["allowUnknown"], properties: { allowUnknown: { const: true } } },
      },
      then: { properties: { result, steps } },
    };
  });
}

function codeLists(vocabulary: Vocabulary): JsonSchema {
  return Object.fromEntries(withCodes(vocabulary).map(({ name, codes }) => [`codes-${name}`, { enum: codes }]));
}

function withCodes(vocabulary: Vocabulary): { name: string; codes: readonly string[] }[] {
  if (!vocabulary.faults.some((kind) => kind.key === "result")) return [];
  return vocabulary.operations.names.flatMap((name) => {
    const codes = vocabulary.operations.codesOf?.(name);
    return codes === undefined || codes.length === 0 ? [] : [{ name, codes }];
  });
}

function shapesOf(shapes: Readonly<Record<string, z.ZodType>>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, shapeOf(shape)]));
}

function shapeOf(shape: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { target: "draft-7", io: "input", unrepresentable: "any" });
  return schema;
}
