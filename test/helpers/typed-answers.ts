/** Checks an answer of the stand-in against the types that the SDKs' classes declare, by code of its own. */
import { type Fields, type FieldType, fieldsOf, responseFields } from "../../src/antom/catalogue/response-types.ts";

/** What an SDK could not parse, or has no field for: `redirectActionForm: string instead of RedirectActionForm`. Empty for a sound answer. */
export function mistypedFields(operation: string, answer: Readonly<Record<string, unknown>>): string[] {
  return mistypedIn(responseFields(operation), answer, "");
}

/** The fields that the operation's answer could have and does not, nested ones by their path, as deep as `depth` objects. */
export function missingFields(operation: string, answer: Readonly<Record<string, unknown>>, depth = 3): string[] {
  return missingIn({ fields: responseFields(operation), path: "", depth }, answer);
}

function mistypedIn(fields: Fields, value: Readonly<Record<string, unknown>>, path: string): string[] {
  return Object.entries(value).flatMap(([name, held]) => {
    const type = fields.get(name);
    return type === undefined ? [`${path}${name}: not a field of this answer`] : mistyped(type, held, `${path}${name}`);
  });
}

function mistyped(type: FieldType, value: unknown, path: string): string[] {
  const wrong = [`${path}: ${JSON.stringify(value)?.slice(0, 80)} instead of ${expected(type)}`];
  if (type.kind === "any") return value === null ? wrong : [];
  if (type.kind === "integer") return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31 ? [] : wrong;
  if (type.kind === "enum") return typeof value === "string" && type.values.includes(value) ? [] : wrong;
  if (type.kind === "list") return Array.isArray(value) ? value.flatMap((one, at) => mistyped(type.of, one, `${path}[${at}]`)) : wrong;
  if (type.kind === "string" || type.kind === "number" || type.kind === "boolean") return typeof value === type.kind ? [] : wrong;
  if (!isRecord(value)) return wrong;
  if (type.kind === "object") return mistypedIn(fieldsOf(type.name), value, `${path}.`);
  return type.kind === "map" ? Object.entries(value).flatMap(([name, one]) => mistyped(type.of, one, `${path}.${name}`)) : wrong;
}

function expected(type: FieldType): string {
  return type.kind === "object" || type.kind === "enum" ? type.name : type.kind;
}

/** Objects on which the Python SDK fails (1.5.5): the stand-in leaves them out. */
const UNREAD: ReadonlySet<string> = new Set(["CustomsInfo", "MerchantCustomsInfo", "TaxRegistration"]);

function innermost(type: FieldType): string {
  return type.kind === "list" || type.kind === "map" ? innermost(type.of) : expected(type);
}

interface Expected {
  readonly fields: Fields;
  readonly path: string;
  readonly depth: number;
}

function missingIn({ fields, path, depth }: Expected, value: unknown): string[] {
  if (depth === 0 || !isRecord(value)) return [];
  return [...fields].flatMap(([name, type]) => {
    const held = value[name];
    if (UNREAD.has(innermost(type))) return [];
    if (held === undefined) return [`${path}${name}`];
    if (type.kind === "object") return missingIn({ fields: fieldsOf(type.name), path: `${path}${name}.`, depth: depth - 1 }, held);
    return type.kind === "list" && Array.isArray(held) && held.length === 0 ? [`${path}${name}[0]`] : [];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
