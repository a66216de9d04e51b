/** The result codes of one operation as tables for a terminal, at most 110 columns wide, followed by their sources. */
import { catalogueDate, type Operation } from "../antom/catalogue/operations.ts";
import {
  allCodes,
  type CodeList,
  codeFieldsOf,
  codesOf,
  codesOfField,
  type Known,
  messageOf,
  type ResultCode,
  resultCode,
} from "../antom/catalogue/result-codes.ts";
import { COMMON, SEEN } from "../antom/catalogue/tables.ts";
import { type Column, formatTable } from "./layout.ts";

const COLUMNS: readonly Column[] = [
  { title: "CODE", maxWidth: 33 },
  { title: "STATUS", maxWidth: 6 },
  { title: "MESSAGE", maxWidth: 57 },
  { title: "SOURCE", maxWidth: 6 },
];

const KNOWN: Record<Known, string> = {
  full: "Its list of codes is complete",
  partial: "Its list of codes is incomplete, so a rule may use any code of the catalogue",
  none: "Its list of codes is unknown, so a rule may use any code of the catalogue",
};

interface Section {
  readonly title: string;
  readonly rows: readonly ResultCode[];
}

/** The operation's own codes, the common codes and the codes of its body fields, with a final line feed. */
export function codesTable(operation: Operation): string {
  const list = codesOf(operation.name);
  const sections = [
    { title: "Its own codes (result.resultCode)", rows: list.codes.filter((row) => row.table !== COMMON && row.table !== SEEN) },
    { title: "Codes common to most APIs", rows: list.codes.filter((row) => row.table === COMMON) },
    { title: "Codes seen in answers to API-key clients, in no published table", rows: list.codes.filter((row) => row.table === SEEN) },
    ...fieldLists(operation).map(([field, codes]) => ({
      title: `Codes of its field ${field}${codes.known === "partial" ? " (known in part)" : ""}`,
      rows: codes.codes,
    })),
  ];
  return [headOf(operation, list.known), ...body(sections)]
    .map((lines) => lines.join("\n"))
    .join("\n\n")
    .concat("\n");
}

/** Every code of the catalogue, with a final line feed. */
export function allCodesTable(): string {
  const rows = allCodes.map((code) => resultCode(undefined, code)).filter((row) => row !== undefined);
  return body([{ title: `Every result code of the catalogue (${catalogueDate})`, rows }])
    .map((lines) => lines.join("\n"))
    .join("\n\n")
    .concat("\n");
}

/** The body fields of an operation that hold result codes, with those codes. */
export function fieldLists(operation: Operation): [string, CodeList][] {
  return codeFieldsOf(operation.name).flatMap((field): [string, CodeList][] => {
    const list = codesOfField(operation.name, field);
    return list === undefined ? [] : [[field, list]];
  });
}

function headOf(operation: Operation, known: Known): string[] {
  const facts = [`${operation.name} (${operation.group}${operation.kind === "notification" ? "; a notification, sent to you" : ""})`];
  if (operation.sandboxPath !== undefined) facts.push(`POST ${operation.sandboxPath}`);
  if (operation.docsUrl !== undefined) facts.push(operation.docsUrl);
  return [...facts, `${KNOWN[known]} (${catalogueDate}).`];
}

function body(sections: readonly Section[]): string[][] {
  const filled = sections.filter((section) => section.rows.length > 0);
  const rows = filled.flatMap((section) => section.rows);
  const sources = [...new Set(rows.map(sourceOf))];
  const tables = filled.map(({ title, rows: own }) => {
    const lines = formatTable(
      COLUMNS,
      own.map((row) => cells(row, sources)),
    );
    return [title, ...lines.map((line) => `  ${line}`)];
  });
  return [...tables, sources.map((source, at) => `[${at + 1}] ${source}`), footnotes(rows)];
}

function cells(row: ResultCode, sources: readonly string[]): string[] {
  const message = messageOf(row);
  return [row.code, row.status ?? "?", message.published ? message.text : `(${message.text})`, `[${sources.indexOf(sourceOf(row)) + 1}]`];
}

function sourceOf(row: ResultCode): string {
  if (row.table.endsWith("(in-store)")) return `${row.source} (in-store page)`;
  return row.table.endsWith("(text)") ? `${row.source} (in its text)` : row.source;
}

function footnotes(rows: readonly ResultCode[]): string[] {
  const notes = ["S success, F failed, U unknown or in process: ask again."];
  if (rows.some((row) => !messageOf(row).published))
    notes.push("A message in brackets is derived from the code, because no page publishes one.");
  if (rows.some((row) => row.status === undefined))
    notes.push("?: no page publishes the status; a rule that uses the code must set `status`.");
  return notes;
}
