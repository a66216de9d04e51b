/** Lookups of result codes by operation, code and field, for rules, metrics and the page. */
import { type Operation, operationNamed, operations } from "./operations.ts";
import { COMMON, codeFields, mentioned, partialLists, type ResultCode, seenInField, tables } from "./tables.ts";

export type { ResultCode, ResultStatus } from "./tables.ts";

/** Operations that are always signed or authorised by a session, never called with an API key. */
const WITHOUT_API_KEY: ReadonlySet<string> = new Set(["billing.product.uploadImage", "meter.uploadEvent"]);

/** How complete a list is: `none` has only the codes that a page's text mentions. */
export type Known = "full" | "partial" | "none";

/** The codes of an operation, or of one of its body fields. */
export interface CodeList {
  readonly known: Known;
  readonly codes: readonly ResultCode[];
}

interface IndexedList extends CodeList {
  readonly byCode: ReadonlyMap<string, ResultCode>;
}

const commonList: IndexedList = listOf(COMMON);
const lists: ReadonlyMap<string, IndexedList> = new Map(
  operations.map(({ name }) => [name, ownRows(name).length === 0 && seenAt(name).length > 0 ? commonList : listOf(name)]),
);
const everyRow: readonly ResultCode[] = [tables.get(COMMON) ?? [], ...tables.values(), ...mentioned.values(), seenInField].flat();
const bestRows: ReadonlyMap<string, ResultCode> = indexBest();
const messages: ReadonlyMap<string, string> = indexMessages();

/** Every code of the catalogue, in order of first appearance. */
export const allCodes: readonly string[] = [...bestRows.keys()];

/**
 * What an operation may answer: its own table, its in-store page, codes named in its text, the codes common to most operations, and the codes seen in live answers; each once.
 * An operation outside the catalogue has the common codes.
 */
export function codesOf(operation: string): CodeList {
  return lists.get(operation) ?? commonList;
}

/**
 * The catalogue row for an answer. For an undefined operation or an incomplete list, any catalogued code has a row;
 * undefined when a complete list or the catalogue lacks the code.
 */
export function resultCode(operation: string | undefined, code: string): ResultCode | undefined {
  const list = operation === undefined ? undefined : lists.get(operation);
  const row = list?.byCode.get(code);
  return row === undefined && list?.known !== "full" ? bestRows.get(code) : row;
}

/** The codes of a body field other than `result`: `inquiryPayment`, `paymentResultCode`; undefined when the field holds no code. */
export function codesOfField(operation: string, field: string): CodeList | undefined {
  const found = codeFields.find((entry) => entry.operation === operation && entry.field === field);
  if (found === undefined) return undefined;
  const rows = (tables.get(found.table) ?? []).filter((row) => row.seenIn?.includes(operation) ?? true);
  return { known: partialLists.has(found.table) ? "partial" : "full", codes: rows };
}

/** The body fields of an operation that hold a result code, as dotted paths for `codesOfField`. */
export function codeFieldsOf(operation: string): readonly string[] {
  return codeFields.filter((entry) => entry.operation === operation).map((entry) => entry.field);
}

/** Whether the catalogue lists the code; catalogued codes form a closed set, safe for metric labels. */
export function isCatalogued(code: string): boolean {
  return bestRows.has(code);
}

/** The operations whose own pages list or mention the code, in catalogue order. */
export function operationsReturning(code: string): readonly Operation[] {
  return operations.filter(({ name }) => ownRows(name).some((row) => row.code === code));
}

/** The text of `result.resultMessage`. */
export interface Message {
  readonly text: string;
  /** False when no page publishes one and it was derived from the words of the code. */
  readonly published: boolean;
}

/** The message of the row, else of the common table, else of any other table for the same code, else one derived from the code. */
export function messageOf(row: Pick<ResultCode, "code" | "message">): Message {
  const text = row.message ?? messages.get(row.code);
  return text === undefined ? { text: sentenceOf(row.code), published: false } : { text, published: true };
}

/** `CANCEL_WINDOW_EXCEED` -> `Cancel window exceed.` */
function sentenceOf(code: string): string {
  const words = code
    .toLowerCase()
    .split("_")
    .filter((word) => word !== "")
    .join(" ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`.replace(/\bcvv\b/gi, "CVV").replace(/\boauth\b/gi, "OAuth");
}

function ownRows(operation: string): ResultCode[] {
  const inStore = `${operation} (in-store)`;
  return [tables.get(operation), tables.get(inStore), mentioned.get(operation), mentioned.get(inStore)].flatMap((rows) => rows ?? []);
}

/** Excludes notifications and operations that are never called with an API key. */
function seenAt(operation: string): readonly ResultCode[] {
  return operationNamed(operation)?.kind === "notification" || WITHOUT_API_KEY.has(operation) ? [] : seenInField;
}

function listOf(operation: string): IndexedList {
  const byCode = new Map<string, ResultCode>();
  for (const row of [...ownRows(operation), ...(tables.get(COMMON) ?? []), ...seenAt(operation)]) {
    if (!byCode.has(row.code)) byCode.set(row.code, row);
  }
  return { known: knownOf(operation), codes: [...byCode.values()], byCode };
}

function knownOf(operation: string): Known {
  if (partialLists.has(operation)) return "partial";
  return tables.has(operation) && operation !== COMMON ? "full" : "none";
}

/** The most complete row of each code: the common table's row first, then one with a status. */
function indexBest(): Map<string, ResultCode> {
  const best = new Map<string, ResultCode>();
  for (const row of everyRow) {
    const kept = best.get(row.code);
    if (kept === undefined || (kept.message === undefined && row.message !== undefined)) best.set(row.code, row);
  }
  return best;
}

function indexMessages(): Map<string, string> {
  const found = new Map<string, string>();
  for (const row of everyRow) {
    if (row.message !== undefined && !found.has(row.code)) found.set(row.code, row.message);
  }
  return found;
}
