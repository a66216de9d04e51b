/** Result status and outcome as coloured words. */
import type { JSX } from "preact";
import type { CallSummary } from "../../admin/api/views/call-view.ts";

export type ResultStatus = "S" | "F" | "U" | undefined;

const WORDS = { S: "success", U: "unknown", F: "failure" } as const;

/** `F failure`; without a status: `? not published`. */
export function StatusChip({ status, short = false }: { readonly status: ResultStatus; readonly short?: boolean }): JSX.Element {
  if (status === undefined) return <span class="chip none">? not published</span>;
  return (
    <span class={`chip status-${status}`}>
      <b>{status}</b> {short ? <span class="hidden">{WORDS[status]}</span> : WORDS[status]}
    </span>
  );
}

/** How a call ended. */
export function OutcomeChip({ outcome }: { readonly outcome: CallSummary["outcome"] }): JSX.Element {
  return <span class={`outcome outcome-${outcome}`}>{outcome}</span>;
}
