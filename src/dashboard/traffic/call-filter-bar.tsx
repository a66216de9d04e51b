/** One select a filter, offering what the calls in the list have. */
import type { JSX } from "preact";
import type { CallSummary } from "../../admin/api/views/call-view.ts";
import { type FilterName, type Filters, filterNames, valuesOf } from "./filters.ts";

interface BarProps {
  readonly calls: readonly CallSummary[];
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

const LABELS: Readonly<Record<FilterName, string>> = {
  operation: "API",
  outcome: "Outcome",
  resultCode: "Result code",
  rule: "Rule",
  clientId: "Client id",
};

export function CallFilterBar({ calls, filters, onChange }: BarProps): JSX.Element {
  return (
    <search class="filters">
      {filterNames.map((name) => (
        <label key={name}>
          <span class="hidden">{LABELS[name]}</span>
          <select
            class={filters[name] ? "set" : ""}
            value={filters[name] ?? ""}
            onChange={(event) => onChange({ ...filters, [name]: event.currentTarget.value })}
          >
            <option value="">{LABELS[name]}: all</option>
            {withChosen(valuesOf(calls, name), filters[name]).map((value) => (
              <option key={value} value={value}>
                {value}
              </option>
            ))}
          </select>
        </label>
      ))}
    </search>
  );
}

/** A value chosen stays to be seen when its calls are gone. */
function withChosen(values: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || chosen === "" || values.includes(chosen) ? values : [chosen, ...values];
}
