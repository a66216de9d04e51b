/** Which calls the list shows. Pure. */
import type { CallSummary } from "../../admin/api/views/call-view.ts";

export type FilterName = "operation" | "outcome" | "resultCode" | "rule" | "clientId";

/** An absent or empty value lets every call pass. */
export type Filters = Partial<Readonly<Record<FilterName, string>>>;

export const filterNames: readonly FilterName[] = ["operation", "outcome", "resultCode", "rule", "clientId"];

/** Whether the call is to be shown. */
export function passes(call: CallSummary, filters: Filters): boolean {
  return filterNames.every((name) => !filters[name] || filters[name] === fieldOf(call, name));
}

/** The values that calls have for a filter, sorted. */
export function valuesOf(calls: readonly CallSummary[], name: FilterName): string[] {
  return [...new Set(calls.map((call) => fieldOf(call, name)))].filter((value) => value !== undefined).sort();
}

/** For the REST interface. */
export function queryOf(filters: Filters): Record<string, string> {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ""));
}

function fieldOf(call: CallSummary, name: FilterName): string | undefined {
  return name === "operation" ? (call.operation ?? "other") : call[name];
}
