/** The list of calls, newest first. */
import type { JSX } from "preact";
import type { CallSummary } from "../../admin/api/views/call-view.ts";
import { clockTime, milliseconds } from "../format.ts";
import { withCode } from "../parts/problems-banner.tsx";
import { OutcomeChip, StatusChip } from "../parts/status-chip.tsx";
import { go } from "../use-view.ts";

interface TableProps {
  readonly calls: readonly CallSummary[];
  readonly opened: string | undefined;
  /** There are calls, but none passes the filters. */
  readonly isFiltered: boolean;
}

export function CallTable({ calls, opened, isFiltered }: TableProps): JSX.Element {
  if (calls.length === 0) {
    return (
      <p class="empty-note">{isFiltered ? "No call passes the filters." : "No calls yet. “Connect” shows how to point your SDK here."}</p>
    );
  }
  return (
    <table class="calls">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">API</th>
          <th scope="col">Outcome</th>
          <th scope="col">Result</th>
          <th scope="col" class="number http">
            HTTP
          </th>
          <th scope="col" class="number">
            Took
          </th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call) => (
          <CallRow key={call.id} call={call} isOpen={call.id === opened} />
        ))}
      </tbody>
    </table>
  );
}

/** What the result is worth where its answer was not delivered whole. */
const ENDINGS: Readonly<Record<NonNullable<CallSummary["deliveryEnd"]>, string | undefined>> = {
  whole: undefined,
  cut: "cut off",
  nothing: "no answer",
  aborted: "broken off",
  open: "still open",
};

function CallRow({ call, isOpen }: { readonly call: CallSummary; readonly isOpen: boolean }): JSX.Element {
  const ending = call.deliveryEnd === undefined ? undefined : ENDINGS[call.deliveryEnd];
  const name = call.operation ?? call.path;
  return (
    <tr class={isOpen ? "open" : ""} onClick={() => go("traffic", call.id)}>
      <td class="time">{clockTime(call.startedAtMs)}</td>
      <td class="what">
        <a href={`#traffic/${encodeURIComponent(call.id)}`} aria-current={isOpen ? "true" : undefined} title={call.path}>
          {name}
        </a>
        <span class="client faint">{call.clientId}</span>
      </td>
      <td>
        <OutcomeChip outcome={call.outcome} />
        {call.rule !== undefined && (
          <span class="by faint">
            {" "}
            by {call.rule}
            {call.action && <>: {withCode(call.action)}</>}
          </span>
        )}
      </td>
      <td class="result">
        {call.resultStatus !== undefined && <StatusChip status={call.resultStatus} short />} {call.resultCode}
        {ending !== undefined && <span class="ending"> {ending}</span>}
      </td>
      <td class="number http">{call.status ?? "–"}</td>
      <td class="number">{milliseconds(call.durationMs)}</td>
    </tr>
  );
}
