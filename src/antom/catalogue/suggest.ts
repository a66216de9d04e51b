/** The nearest right spelling for an operation or a result code that the catalogue lacks: what "did you mean" says. */
import { distance } from "fastest-levenshtein";
import { type Operation, operationAtPath, operations } from "./operations.ts";
import { allCodes, codesOf } from "./result-codes.ts";
import { spellings } from "./tables.ts";

/** At most this many are named, so that a message stays readable. */
const MOST = 3;
/** Edits that are surely a slip of the keyboard. */
const SLIP = 2;
/** A word that more codes share than this says nothing about what was meant. */
const RARE = 5;

/**
 * Operations of that kind (undefined: of both) that may have been meant by `name`, nearest first: by path, by the name on the documentation
 * page, by other case, order of words or a slip of the keyboard. Empty when nothing is near.
 */
export function nearestOperations(name: string, kind?: Operation["kind"]): readonly string[] {
  const byPath = operationAtPath(name) ?? operationAtPath(`/ams/api${name}`);
  if (byPath !== undefined) return [byPath.name];
  const candidates = operations.filter((operation) => kind === undefined || operation.kind === kind);
  const byDocs = candidates.filter((operation) => operation.docsName === name).map((operation) => operation.name);
  const names = candidates.map((operation) => operation.name);
  return [...new Set([...byDocs, ...near(name, names)])].slice(0, MOST);
}

/**
 * Codes that may have been meant by `code`, nearest first; with `operation`, its own codes only, or else (nothing near among them, or its
 * list is not fully known) any. Empty when nothing is near.
 */
export function nearestCodes(code: string, operation: string | undefined): readonly string[] {
  const list = operation === undefined ? undefined : codesOf(operation);
  const own =
    list === undefined
      ? []
      : nearestAmong(
          code,
          list.codes.map((row) => row.code),
        );
  if (own.length > 0) return own;
  return list === undefined || list.known !== "full" ? nearestAmong(code, allCodes) : [];
}

function nearestAmong(code: string, candidates: readonly string[]): readonly string[] {
  const found = candidates.filter((candidate) => candidate !== code);
  const twins = found.filter((candidate) => spellings.some((pair) => pair.includes(candidate) && pair.includes(code.toUpperCase())));
  const alike = [...new Set([...twins, ...near(code, found)])];
  return (alike.length > 0 ? alike : byRareWord(code, found)).slice(0, MOST);
}

/** Slips of a letter or two first, then the same words in another order, then looser likeness; only case and marks different: nothing else. */
function near(name: string, candidates: readonly string[]): string[] {
  const same = candidates.filter((candidate) => bare(candidate) === bare(name));
  if (same.length > 0) return same;
  return [...bySpelling(name, candidates, SLIP), ...byWords(name, candidates), ...bySpelling(name, candidates, name.length / 3)];
}

/** Candidates within `reach` edits, whatever the case and the marks between the words; those at most one edit worse than the best. */
function bySpelling(name: string, candidates: readonly string[], reach: number): string[] {
  const sought = bare(name);
  return candidates
    .map((candidate) => ({ candidate, edits: distance(sought, bare(candidate)) }))
    .filter(({ edits }) => edits <= Math.min(reach, sought.length - 1))
    .sort((one, other) => one.edits - other.edits)
    .filter(({ edits }, _, ranked) => edits <= (ranked[0]?.edits ?? 0) + 1)
    .map(({ candidate }) => candidate);
}

/** Candidates with all the words of the name, in any order (`createInvoice`: `billing.invoice.create`), or with no others (`cancelPayment`: `cancel`). */
function byWords(name: string, candidates: readonly string[]): string[] {
  const sought = wordsOf(name);
  const wider = candidates.filter((candidate) => sought.every((word) => wordsOf(candidate).includes(word)));
  const within = candidates.filter((candidate) => wordsOf(candidate).every((word) => sought.includes(word)));
  // One word that many names have, such as `create`, points at none of them.
  const telling = sought.length > 1 || wider.length <= RARE ? wider : [];
  return sought.length === 0 ? [] : [...within, ...telling.sort((one, other) => one.length - other.length)];
}

/** Candidates that share a telling word: `INSUFFICIENT_BALANCE` and `USER_BALANCE_NOT_ENOUGH`. */
function byRareWord(code: string, candidates: readonly string[]): string[] {
  const telling = wordsOf(code).filter(
    (word) => word.length > 3 && allCodes.filter((other) => wordsOf(other).includes(word)).length <= RARE,
  );
  return candidates.filter((candidate) => wordsOf(candidate).some((word) => telling.includes(word)));
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** `billing.invoice.createViewLink` and `CREATE_VIEW_LINK` alike as lower-case words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
