/** The OpenAPI 3.1 document of the REST interface, made from the routes themselves. */
import { z } from "zod";
import type { RouteDescription } from "./define-route.ts";
import { problemView } from "./views/problem-view.ts";

type Json = Readonly<Record<string, unknown>>;

const failure = z
  .object({ error: z.string(), problems: z.array(problemView).optional() })
  .describe("what is wrong, for a person")
  .meta({ id: "Failure" });

/** The document for `routes`, which stand below `/api/v1`. */
export function openApiDocument(routes: readonly RouteDescription[], version: string): Json {
  const schemas: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "antom-fault-proxy",
      version,
      description: "Everything that the page does. Values of calls are redacted.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{}, { token: [] }],
    paths,
    components: { schemas, securitySchemes: { token: { type: "http", scheme: "bearer", description: "required off loopback" } } },
  };
}

function operationOf(route: RouteDescription, schemas: Record<string, unknown>): Json {
  const contentType = route.contentType ?? "application/json";
  return {
    operationId: route.id,
    summary: route.summary,
    parameters: [...parametersOf(route.params, "path", schemas), ...parametersOf(route.query, "query", schemas)],
    ...(route.body && {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body, schemas, "input") } } },
    }),
    responses: {
      200: { description: "done", content: { [contentType]: { schema: schemaOf(route.answer, schemas, "output") } } },
      default: { description: "refused", content: { "application/json": { schema: schemaOf(failure, schemas, "output") } } },
    },
  };
}

function parametersOf(shape: z.ZodObject | undefined, where: "path" | "query", schemas: Record<string, unknown>): Json[] {
  return Object.entries(shape?.shape ?? {}).map(([name, type]) => {
    const { description, ...schema } = schemaOf(type, schemas, "input");
    const required = where === "path";
    return { name, in: where, required, ...(description === undefined ? {} : { description }), schema };
  });
}

/** Shapes that have an id go to `components` once and are referred to. */
function schemaOf(shape: z.core.$ZodType, schemas: Record<string, unknown>, io: "input" | "output"): Json {
  const { $schema: _, $defs, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: "any" });
  const definitions: Record<string, unknown> = $defs ?? {};
  for (const [name, definition] of Object.entries(definitions)) schemas[name] = refer(plain(definition));
  const referred = refer(schema);
  const id = "id" in schema && typeof schema["id"] === "string" ? schema["id"] : undefined;
  if (id === undefined) return referred;
  schemas[id] = plain(referred);
  return { $ref: `#/components/schemas/${id}` };
}

/** Without `id`, which JSON Schema would take for a base address of its own. */
function plain(schema: unknown): Json {
  if (typeof schema !== "object" || schema === null) return {};
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "id"));
}

function refer(schema: Json): Json {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/');
  const referred: Json = JSON.parse(text);
  return referred;
}
