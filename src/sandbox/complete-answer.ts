/** Builds complete successful answers: every documented field in its type, echoing request fields of the same name and type. */
import { type FieldType, fieldsOf, isReadByAll, responseFields } from "../antom/catalogue/response-types.ts";
import type { SandboxCall } from "./call.ts";
import { type Making, plausibleChoice, plausibleFlag, plausibleInteger, plausibleText } from "./generated-values.ts";
import type { SandboxState } from "./sandbox-state.ts";

/** A field to fill; `given` is the request's value, of any type. */
interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly given: unknown;
}

/** Where the field is: the operation's answer and the enclosing object types, outermost first. */
interface Place {
  readonly body: SandboxCall["body"];
  readonly making: (name: string) => Making;
  readonly inside: readonly string[];
}

/** Deepest nesting of objects; deeper objects and objects inside their own type are omitted. */
const MAX_DEPTH = 5;
/** Longest text (characters) and list (entries) echoed from the request. */
const LONGEST_TEXT = 1000;
const MOST_ENTRIES = 10;
const LARGEST_INTEGER = 2 ** 31 - 1;

/** All fields of the operation's answer except `result`. A name that occurs twice gets the same generated value. */
export function filledFields(call: SandboxCall, state: SandboxState): Record<string, unknown> {
  const place: Place = { body: call.body, making: makingFor(call, state), inside: [] };
  const fields: Record<string, unknown> = {};
  for (const [name, type] of responseFields(call.operation)) {
    if (name !== "result") fields[name] = filled({ name, type, given: call.body[name] }, place);
  }
  return fields;
}

function makingFor({ nowMs }: SandboxCall, state: SandboxState): (name: string) => Making {
  const ids = new Map<string, string>();
  return (name) => {
    const newId = (): string => {
      const id = ids.get(name) ?? state.newId(nowMs);
      ids.set(name, id);
      return id;
    };
    return { nowMs, newId, newUrl: () => state.cashierUrl(newId()) };
  };
}

/** Undefined for an object nested too deep or unreadable for one of the SDKs. */
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
    // Lists at the top of the body are not echoed: nested lists would multiply.
    const given = own[name] ?? (type.kind === "list" ? undefined : body[name]);
    fields[name] = filled({ name, type, given }, within);
  }
  return fields;
}

/** The request's entries, or one generated entry. */
function filledList({ name, type, given }: Field, place: Place): unknown[] {
  const entries = Array.isArray(given) && given.length > 0 && given.length <= MOST_ENTRIES ? given : [undefined];
  return entries.map((entry) => filled({ name, type, given: entry }, place)).filter((value) => value !== undefined);
}

/** The request's entries of the right type; keys are chosen by the merchant, so none are generated. */
function filledMap({ type, given }: Field, place: Place): Record<string, unknown> {
  const entries = isObject(given) ? Object.entries(given).slice(0, MOST_ENTRIES) : [];
  const kept = entries.filter(([name, value]) => name !== "__proto__" && name.length <= LONGEST_TEXT && value !== null);
  return Object.fromEntries(kept.map(([name, value]) => [name, filled({ name, type, given: value }, place)]));
}

/** Accepts whole numbers as text: the documentation calls every value a string, and merchants send either. */
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

/** An action form contains the name of its own type. */
function madeText(name: string, { making, inside }: Place): string {
  const kind = inside.at(-1);
  return name === "actionFormType" && kind !== undefined ? kind : plausibleText(name, making(name));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
