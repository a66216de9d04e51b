/** The printed tables of result codes as typed rows, read once from result-codes.json; result-codes.ts answers questions from them. */
import data from "./result-codes.json" with { type: "json" };

/** S success, F final failure, U unknown or still in process. */
export type ResultStatus = "S" | "F" | "U";

/** One row: a code as one page prints it. */
export interface ResultCode {
  readonly code: string;
  /** Undefined where no page gives it: a rule that uses the code must state it. No two pages differ in the status of a code. */
  readonly status: ResultStatus | undefined;
  /** The published English sentence; undefined where only the code is known (`messageOf` in message.ts finds a substitute). */
  readonly message: string | undefined;
  /** The page or SDK file it was taken from. */
  readonly source: string;
  /** Where it stands: an operation's name, `X (in-store)`, `X (text)`, `*`, or the table of a body field (`paymentResultCodes`). */
  readonly table: string;
  /** The operations whose page prints the row, where one table serves several; undefined: all that draw on the table. */
  readonly seenIn: readonly string[] | undefined;
}

/** A body field, other than an answer's own `result`, that holds a result code. */
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
/** The name under which rows of `seenInField` stand. */
export const SEEN = "seen in the field";

const sources: ReadonlyMap<string, string> = new Map(Object.entries(data.sources));
const publishedRows: ReadonlyMap<string, readonly Row[]> = new Map<string, readonly Row[]>(Object.entries(data.tables));
const mentionedRows: ReadonlyMap<string, readonly Row[]> = new Map<string, readonly Row[]>(Object.entries(data.mentioned));
const statuses: ReadonlyMap<string, ResultStatus> = new Map([...publishedRows.values()].flat().flatMap(statusEntry));

/** Every table with rows, by name, in the order of the file. */
export const tables: ReadonlyMap<string, readonly ResultCode[]> = typed(publishedRows, (name) => name);

/** Codes that an operation's page or SDK names in its text only, by operation (or `X (in-store)`). */
export const mentioned: ReadonlyMap<string, readonly ResultCode[]> = typed(mentionedRows, (name) => `${name} (text)`);

/** Codes seen in live answers to calls with an API key, in no published table of the API. */
export const seenInField: readonly ResultCode[] = data.seen.map((row) => toResultCode(row, SEEN));

export const codeFields: readonly CodeField[] = data.fields;

/** What is missing, by the operations and tables whose list is known in part. */
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
