/** The field types of successful answers, from response-types.json: what the response classes of the official SDKs can parse. */
import data from "./response-types.json" with { type: "json" };

/** The JSON type of a value. An object's fields are looked up by name (`fieldsOf`), since some types contain themselves. */
export type FieldType =
  | { readonly kind: "string" | "integer" | "number" | "boolean" | "any" }
  | { readonly kind: "enum"; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: "object"; readonly name: string }
  /** `map`: an object with arbitrary keys and values of type `of`. */
  | { readonly kind: "list" | "map"; readonly of: FieldType };

/** Field name → type, in the order of the documentation. */
export type Fields = ReadonlyMap<string, FieldType>;

type Spelt = Readonly<Record<string, string>>;

const enums: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>(Object.entries(data.enums));
const NONE: Fields = new Map();
const objects: ReadonlyMap<string, Fields> = typed(data.objects);
const answers: ReadonlyMap<string, Fields> = new Map(
  Object.entries(data.operations).map(([name, { fields }]) => [name, typedFields(fields)]),
);

/** The fields of a successful answer of the operation, including `result`; empty for a name that the catalogue does not list as a call. */
export function responseFields(operation: string): Fields {
  return answers.get(operation) ?? NONE;
}

/** The fields of a named object type: `Amount` has `currency` and `value`. Empty for an unknown name. */
export function fieldsOf(objectName: string): Fields {
  return objects.get(objectName) ?? NONE;
}

/** False for an object type that one official SDK fails to parse; such objects are left out of answers for all SDKs. */
export function isReadByAll(objectName: string): boolean {
  return !data.unread.includes(objectName);
}

function typed(spelt: Readonly<Record<string, Spelt>>): ReadonlyMap<string, Fields> {
  return new Map(Object.entries(spelt).map(([name, fields]) => [name, typedFields(fields)]));
}

function typedFields(fields: Spelt): Fields {
  return new Map(Object.entries(fields).map(([field, spelling]) => [field, typeOf(spelling)]));
}

/** Parses a spelling such as `[]Amount` (a list of `Amount`). Throws for an unknown name (an error in the data). */
function typeOf(spelling: string): FieldType {
  if (spelling.startsWith("[]")) return { kind: "list", of: typeOf(spelling.slice(2)) };
  if (spelling.startsWith("{}")) return { kind: "map", of: typeOf(spelling.slice(2)) };
  switch (spelling) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
    case "any":
      return { kind: spelling };
    default:
      return named(spelling);
  }
}

function named(name: string): FieldType {
  const values = enums.get(name);
  if (values !== undefined) return { kind: "enum", name, values };
  if (Object.hasOwn(data.objects, name)) return { kind: "object", name };
  throw new Error(`\`${name}\` is not a type in response-types.json`);
}
