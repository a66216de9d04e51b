/** Suggests the nearest known operation or result code for an unknown name ("did you mean"). */
import { distance } from "fastest-levenshtein";
import { type Operation, operationAtPath, operations } from "./operations.ts";
import { allCodes, codesOf } from "./result-codes.ts";
import { spellings } from "./tables.ts";

/** Maximum number of suggestions. */
const MOST = 3;
/** Maximum edit distance of a typing error. */
const SLIP = 2;
/** A word in more codes than this is ignored when codes are compared by rare words. */
const RARE = 5;

/**
 * Operations of that kind (undefined: both kinds) that `name` may mean, nearest first: by path, by the name on the documentation
 * page, by case, word order or edit distance. Empty when nothing is near.
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
 * Codes that `code` may mean, nearest first. With `operation`, only its own codes; when none of them is near or its list is incomplete,
 * any code. Empty when nothing is near.
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

/** Matches in order: one or two typing errors, the same words in another order, looser similarity. A match that differs only in case and separators excludes all others. */
function near(name: string, candidates: readonly string[]): string[] {
  const same = candidates.filter((candidate) => bare(candidate) === bare(name));
  if (same.length > 0) return same;
  return [...bySpelling(name, candidates, SLIP), ...byWords(name, candidates), ...bySpelling(name, candidates, name.length / 3)];
}

/** Candidates within `reach` edits, ignoring case and separators, and at most one edit worse than the best. */
function bySpelling(name: string, candidates: readonly string[], reach: number): string[] {
  const sought = bare(name);
  return candidates
    .map((candidate) => ({ candidate, edits: distance(sought, bare(candidate)) }))
    .filter(({ edits }) => edits <= Math.min(reach, sought.length - 1))
    .sort((one, other) => one.edits - other.edits)
    .filter(({ edits }, _, ranked) => edits <= (ranked[0]?.edits ?? 0) + 1)
    .map(({ candidate }) => candidate);
}

/** Candidates that contain all the words of the name in any order (`createInvoice`: `billing.invoice.create`), or only such words (`cancelPayment`: `cancel`). */
function byWords(name: string, candidates: readonly string[]): string[] {
  const sought = wordsOf(name);
  const wider = candidates.filter((candidate) => sought.every((word) => wordsOf(candidate).includes(word)));
  const within = candidates.filter((candidate) => wordsOf(candidate).every((word) => sought.includes(word)));
  // A single word in many names, such as `create`, identifies none of them.
  const telling = sought.length > 1 || wider.length <= RARE ? wider : [];
  return sought.length === 0 ? [] : [...within, ...telling.sort((one, other) => one.length - other.length)];
}

/** Candidates that share a rare word: `INSUFFICIENT_BALANCE` and `USER_BALANCE_NOT_ENOUGH`. */
function byRareWord(code: string, candidates: readonly string[]): string[] {
  const telling = wordsOf(code).filter(
    (word) => word.length > 3 && allCodes.filter((other) => wordsOf(other).includes(word)).length <= RARE,
  );
  return candidates.filter((candidate) => wordsOf(candidate).some((word) => telling.includes(word)));
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** `billing.invoice.createViewLink` and `CREATE_VIEW_LINK` both become the same lower-case words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
