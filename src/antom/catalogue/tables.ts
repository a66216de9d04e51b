/** The published tables of result codes as typed rows, loaded from result-codes.json; result-codes.ts searches them. */
import data from "./result-codes.json" with { type: "json" };

/** S success, F final failure, U unknown or still in process. */
export type ResultStatus = "S" | "F" | "U";

/** One row: a code as published on one page. */
export interface ResultCode {
  readonly code: string;
  /** Undefined when no page publishes it; a rule with the code must then supply it. All pages agree on the status of a code. */
  readonly status: ResultStatus | undefined;
  /** The published English sentence; undefined when only the code is known (`messageOf` finds a substitute). */
  readonly message: string | undefined;
  /** The source page or SDK file. */
  readonly source: string;
  /** The table's name: an operation, `X (in-store)`, `X (text)`, `*`, or a body field (`paymentResultCodes`). */
  readonly table: string;
  /** For a shared table, the operations whose page prints the row; undefined: all operations that use the table. */
  readonly seenIn: readonly string[] | undefined;
}

/** A body field other than `result` that holds a result code. */
export interface CodeField {
  readonly operation: string;
  /** Dotted path in the body; `transactions[]` is any element of that array. */
  readonly field: string;
  readonly table: string;
}

interface Row {
  readonly code: string;
  readonly status?: string | undefined;
  readonly message?: string | undefined;
  readonly source: string;
  readonly seenIn?: readonly string[] | undefined;
}

/** The name of the table of codes that most operations share. */
export const COMMON = "*";
/** The table name of the rows in `seenInField`. */
export const SEEN = "seen in the field";

const sources: ReadonlyMap<string, string> = new Map(Object.entries(data.sources));
const publishedRows: ReadonlyMap<string, readonly Row[]> = new Map<string, readonly Row[]>(Object.entries(data.tables));
const mentionedRows: ReadonlyMap<string, readonly Row[]> = new Map<string, readonly Row[]>(Object.entries(data.mentioned));
const statuses: ReadonlyMap<string, ResultStatus> = new Map([...publishedRows.values()].flat().flatMap(statusEntry));

/** All tables with rows, by name, in file order. */
export const tables: ReadonlyMap<string, readonly ResultCode[]> = typed(publishedRows, (name) => name);

/** Codes that only the text of an operation's page or SDK mentions, by operation (or `X (in-store)`). */
export const mentioned: ReadonlyMap<string, readonly ResultCode[]> = typed(mentionedRows, (name) => `${name} (text)`);

/** Codes seen in live answers to API-key calls but in no published table of the API. */
export const seenInField: readonly ResultCode[] = data.seen.map((row) => toResultCode(row, SEEN));

export const codeFields: readonly CodeField[] = data.fields;

/** Descriptions of the missing codes, by operation or table with an incomplete list. */
export const partialLists: ReadonlyMap<string, string> = new Map(Object.entries(data.partial));

/** Pairs of spellings with one meaning, from different years or products. */
export const spellings: readonly (readonly string[])[] = data.spellings;

function typed(raw: ReadonlyMap<string, readonly Row[]>, label: (name: string) => string): Map<string, readonly ResultCode[]> {
  return new Map([...raw].map(([name, rows]) => [name, rows.map((row) => toResultCode(row, label(name)))]));
}

function toResultCode(row: Row, table: string): ResultCode {
  return {
    code: row.code,
    status: toStatus(row.status) ?? statuses.get(row.code),
    message: row.message,
    source: sources.get(row.source) ?? row.source,
    table,
    seenIn: row.seenIn,
  };
}

function statusEntry(row: Row): [string, ResultStatus][] {
  const status = toStatus(row.status);
  return status === undefined ? [] : [[row.code, status]];
}

function toStatus(status: string | undefined): ResultStatus | undefined {
  return status === "S" || status === "F" || status === "U" ? status : undefined;
}
