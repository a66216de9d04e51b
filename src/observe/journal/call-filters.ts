/** Filters for the calls in the journal. */
import type { CallRecord, Identity } from "../../ports/ports.ts";

/** All given filters must match; undefined: any value. */
export interface CallFilters {
  /** The operation's name, or `other` for paths outside the catalogue. */
  readonly operation?: string | undefined;
  readonly outcome?: string | undefined;
  readonly resultCode?: string | undefined;
  /** Name of the rule that acted. */
  readonly rule?: string | undefined;
  readonly clientId?: string | undefined;
}

/** The fields that filters read; reading them is cheap for every kept call. */
export interface Filtered extends Pick<CallRecord, "outcome" | "resultCode" | "rule">, Pick<Identity, "operation" | "clientId"> {}

/** Whether `call` passes `filters`. */
export function matchesFilters(call: Filtered, filters: CallFilters | undefined): boolean {
  if (filters === undefined) return true;
  return (
    passes(filters.operation, call.operation ?? "other") &&
    passes(filters.outcome, call.outcome) &&
    passes(filters.resultCode, call.resultCode) &&
    passes(filters.rule, call.rule?.name) &&
    passes(filters.clientId, call.clientId)
  );
}

function passes(wanted: string | undefined, value: string | undefined): boolean {
  return wanted === undefined || wanted === value;
}
