/** Which calls a reader of the journal wants to see. */
import type { CallRecord } from "../ports.ts";

/** All that are given must hold; undefined: any. */
export interface CallFilters {
  /** The operation's name, or `other` for paths that the catalogue does not know. */
  readonly operation?: string | undefined;
  readonly outcome?: string | undefined;
  readonly resultCode?: string | undefined;
  /** Name of the rule that acted. */
  readonly rule?: string | undefined;
  readonly clientId?: string | undefined;
}

/** Whether `record` passes `filters`. */
export function matchesFilters(record: CallRecord, filters: CallFilters | undefined): boolean {
  if (filters === undefined) return true;
  return (
    passes(filters.operation, record.identity.operation ?? "other") &&
    passes(filters.outcome, record.outcome) &&
    passes(filters.resultCode, record.resultCode) &&
    passes(filters.rule, record.rule?.name) &&
    passes(filters.clientId, record.identity.clientId)
  );
}

function passes(wanted: string | undefined, value: string | undefined): boolean {
  return wanted === undefined || wanted === value;
}
