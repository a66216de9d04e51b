/** The text of `codes [api]`, for a terminal or as JSON. */
import { catalogueDate, type Operation, operationNamed, operations } from "../antom/catalogue/operations.ts";
import { allCodes, codesOf, type Known, messageOf, type ResultCode, resultCode } from "../antom/catalogue/result-codes.ts";
import { nearestOperations } from "../antom/catalogue/suggest.ts";
import { allCodesTable, codesTable, fieldLists } from "./codes-table.ts";
import { type Column, formatTable } from "./layout.ts";

/** A command's output and exit code: 0, or 1 with suggestions when the API is not in the catalogue. */
export interface CommandText {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

const COLUMNS: readonly Column[] = [
  { title: "API", maxWidth: 40 },
  { title: "CODES", maxWidth: 5 },
  { title: "LIST", maxWidth: 60 },
];

const KNOWN: Record<Known, string> = { full: "known", partial: "known in part", none: "not known; the common codes" };

/**
 * Without `api`, every operation with the number of its codes; with one, its codes and those of its body fields; with `*`, every code of the
 * catalogue. Ends with a line feed.
 */
export function codesText(api: string | undefined, format: "text" | "json"): CommandText {
  const json = format === "json";
  if (api === undefined) return { text: json ? jsonText(overview()) : overviewText(), exitCode: 0 };
  if (api === "*") return { text: json ? jsonText(everyCode()) : allCodesTable(), exitCode: 0 };
  const operation = operationNamed(api);
  if (operation === undefined) return { text: unknownText(api, json), exitCode: 1 };
  return { text: json ? jsonText(details(operation)) : codesTable(operation), exitCode: 0 };
}

function overview(): object {
  const rows = operations.map(({ name, kind, group }) => ({
    name,
    kind,
    group,
    known: codesOf(name).known,
    codes: codesOf(name).codes.length,
  }));
  return { date: catalogueDate, operations: rows };
}

function overviewText(): string {
  const groups = [...new Set(operations.map((operation) => operation.group))];
  const sections = groups.flatMap((group) => {
    const rows = operations.filter((operation) => operation.group === group).map(overviewRow);
    return ["", group, ...formatTable(COLUMNS, rows).map((line) => `  ${line}`)];
  });
  const head = `Antom's APIs and their result codes, as of ${catalogueDate}. \`antom-fault-proxy codes <api>\` lists those of one.`;
  return `${[head, ...sections].join("\n")}\n`;
}

function overviewRow(operation: Operation): string[] {
  const list = codesOf(operation.name);
  const kind = operation.kind === "notification" ? "; a notification, sent to you" : "";
  return [operation.name, String(list.codes.length), `${KNOWN[list.known]}${kind}`];
}

function everyCode(): object {
  const rows = allCodes.map((code) => resultCode(undefined, code)).filter((row) => row !== undefined);
  return { date: catalogueDate, codes: rows.map(codeValue) };
}

function details(operation: Operation): object {
  const list = codesOf(operation.name);
  const { name, kind, group, path, sandboxPath, docsUrl } = operation;
  const fields = fieldLists(operation).map(([field, codes]) => ({ field, known: codes.known, codes: codes.codes.map(codeValue) }));
  return {
    date: catalogueDate,
    name,
    kind,
    group,
    path,
    sandboxPath,
    docsUrl,
    known: list.known,
    codes: list.codes.map(codeValue),
    fields,
  };
}

function codeValue(row: ResultCode): object {
  const message = messageOf(row);
  return {
    code: row.code,
    status: row.status,
    message: message.text,
    messagePublished: message.published,
    table: row.table,
    source: row.source,
  };
}

function unknownText(api: string, json: boolean): string {
  const nearest = nearestOperations(api);
  const message = `\`${api}\` is not an API of Antom`;
  if (json) return jsonText({ error: message, nearest });
  const remedy =
    nearest.length === 0 ? "`antom-fault-proxy codes` lists all" : `did you mean ${nearest.map((name) => `\`${name}\``).join(" or ")}?`;
  return `${message}; ${remedy}\n`;
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
