/** Successful answers in full: every field of the operation in its right type, with what the request named where names and types agree. */
import { type FieldType, fieldsOf, isReadByAll, responseFields } from "../antom/catalogue/response-types.ts";
import type { Call } from "./call.ts";
import type { Desk } from "./desk.ts";
import { type Making, plausibleChoice, plausibleFlag, plausibleInteger, plausibleText } from "./plausible.ts";

/** A field to be filled; `given` is what the request has for it, of any type. */
interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly given: unknown;
}

/** Where the field is: in which call's answer, and inside which object types, outermost first. */
interface Place {
  readonly body: Call["body"];
  readonly making: (name: string) => Making;
  readonly inside: readonly string[];
}

/** Objects within objects; deeper ones are left out, as are those inside their own kind. */
const MAX_DEPTH = 5;
/** Characters and list entries of the request that may come back in the answer. */
const LONGEST_TEXT = 1000;
const MOST_ENTRIES = 10;
const LARGEST_INTEGER = 2 ** 31 - 1;

/** All fields of the operation's answer but `result`. A name that occurs twice has the same made-up value. */
export function filledFields(call: Call, desk: Desk): Record<string, unknown> {
  const place: Place = { body: call.body, making: makingFor(call, desk), inside: [] };
  const fields: Record<string, unknown> = {};
  for (const [name, type] of responseFields(call.operation)) {
    if (name !== "result") fields[name] = filled({ name, type, given: call.body[name] }, place);
  }
  return fields;
}

function makingFor({ nowMs }: Call, desk: Desk): (name: string) => Making {
  const ids = new Map<string, string>();
  return (name) => {
    const newId = (): string => {
      const id = ids.get(name) ?? desk.newId(nowMs);
      ids.set(name, id);
      return id;
    };
    return { nowMs, newId, newUrl: () => desk.cashierUrl(newId()) };
  };
}

/** Undefined for an object that would go too deep, or that not all SDKs can read. */
function filled({ name, type, given }: Field, place: Place): unknown {
  switch (type.kind) {
    case "string":
      return textOf(given) ?? madeText(name, place);
    case "enum":
      return type.values.find((value) => value === given) ?? plausibleChoice(type.values);
    case "integer":
      return integerOf(given) ?? plausibleInteger(name);
    case "number":
      return typeof given === "number" ? given : 1;
    case "boolean":
      return flagOf(given) ?? plausibleFlag(name);
    case "list":
      return filledList({ name, type: type.of, given }, place);
    case "map":
      return filledMap({ name, type: type.of, given }, place);
    case "object":
      return filledObject(type.name, given, place);
    case "any":
      return textOf(given);
    default:
      return type satisfies never;
  }
}

function filledObject(typeName: string, given: unknown, place: Place): Record<string, unknown> | undefined {
  const { body, making, inside } = place;
  if (inside.length >= MAX_DEPTH || inside.includes(typeName) || !isReadByAll(typeName)) return undefined;
  const within: Place = { body, making, inside: [...inside, typeName] };
  const own = isObject(given) ? given : {};
  const fields: Record<string, unknown> = {};
  for (const [name, type] of fieldsOf(typeName)) {
    // Lists are not taken from the top of the body: lists within lists would multiply.
    const given = own[name] ?? (type.kind === "list" ? undefined : body[name]);
    fields[name] = filled({ name, type, given }, within);
  }
  return fields;
}

/** The request's entries, or one made up. */
function filledList({ name, type, given }: Field, place: Place): unknown[] {
  const entries = Array.isArray(given) && given.length > 0 && given.length <= MOST_ENTRIES ? given : [undefined];
  return entries.map((entry) => filled({ name, type, given: entry }, place)).filter((value) => value !== undefined);
}

/** The request's entries of the right type; none is made up, as their names are the merchant's own. */
function filledMap({ type, given }: Field, place: Place): Record<string, unknown> {
  const entries = isObject(given) ? Object.entries(given).slice(0, MOST_ENTRIES) : [];
  const kept = entries.filter(([name, value]) => name !== "__proto__" && name.length <= LONGEST_TEXT && value !== null);
  return Object.fromEntries(kept.map(([name, value]) => [name, filled({ name, type, given: value }, place)]));
}

/** Whole numbers are taken as text too: the pages call every value a string, and merchants send either. */
function textOf(given: unknown): string | undefined {
  if (typeof given === "string") return given.length > 0 && given.length <= LONGEST_TEXT ? given : undefined;
  return Number.isSafeInteger(given) ? String(given) : undefined;
}

function integerOf(given: unknown): number | undefined {
  const value = typeof given === "string" && /^\d{1,10}$/.test(given) ? Number(given) : given;
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= LARGEST_INTEGER ? value : undefined;
}

function flagOf(given: unknown): boolean | undefined {
  if (typeof given === "boolean") return given;
  return given === "true" ? true : given === "false" ? false : undefined;
}

/** An action form names its own kind. */
function madeText(name: string, { making, inside }: Place): string {
  const kind = inside.at(-1);
  return name === "actionFormType" && kind !== undefined ? kind : plausibleText(name, making(name));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
