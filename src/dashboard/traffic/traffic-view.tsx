/** Traffic: calls as they come, filtered; one of them opened beside the list. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CallSummary } from "../../admin/api/views/call-view.ts";
import { client, harUrl } from "../client.ts";
import { counted } from "../format.ts";
import { LoadedNote } from "../parts/loaded-note.tsx";
import { TroubleNote } from "../parts/trouble-note.tsx";
import { useAction } from "../parts/use-action.ts";
import type { Live } from "../use-live.ts";
import { go } from "../use-view.ts";
import { CallDetailPane } from "./call-detail.tsx";
import { CallFilterBar } from "./call-filter-bar.tsx";
import { CallTable } from "./call-table.tsx";
import { type Filters, passes, queryOf } from "./filters.ts";

interface TrafficProps {
  readonly live: Live;
  /** Id of the call that is open. */
  readonly opened: string | undefined;
}

/** Rows shown at once. */
const SHOWN = 200;

export function TrafficView({ live, opened }: TrafficProps): JSX.Element {
  const [filters, setFilters] = useState<Filters>({});
  const [held, setHeld] = useState<readonly CallSummary[] | undefined>();
  const calls = held ?? live.calls;
  const shown = calls.filter((call) => passes(call, filters));
  const isKnown = live.kept.kind === "known";
  const clearing = useAction();
  const clear = async (): Promise<void> => {
    if (!(await clearing.run(client.clearCalls))) return;
    live.reloadCalls();
    setHeld(undefined);
    go("traffic");
  };
  return (
    <div class={opened === undefined ? "traffic" : "traffic with-detail"}>
      <section class="call-list" aria-labelledby="traffic-title">
        <div class="bar">
          <h1 id="traffic-title">Traffic {isKnown && <span class="count">{shown.length}</span>}</h1>
          <p class="actions">
            <button type="button" aria-pressed={held !== undefined} onClick={() => setHeld(held === undefined ? live.calls : undefined)}>
              {held === undefined ? "Pause" : "Resume"}
            </button>
            <a class="button" href={harUrl(queryOf(filters))} download="antom-fault-proxy.har">
              Download HAR
            </a>
            <button type="button" disabled={clearing.busy} onClick={() => void clear()}>
              Clear
            </button>
          </p>
        </div>
        <TroubleNote trouble={clearing.trouble} />
        <CallFilterBar calls={calls} filters={filters} onChange={setFilters} />
        {live.dropped > 0 && (
          <p class="note" role="status">
            {counted(live.dropped, "call")} came too fast to be listed one by one.{" "}
            <button type="button" class="quiet" onClick={live.reloadCalls}>
              Load the kept ones
            </button>
          </p>
        )}
        <LoadedNote what="The kept calls" loaded={live.kept} onRetry={live.reloadCalls} />
        {(isKnown || calls.length > 0) && <CallTable calls={shown.slice(0, SHOWN)} opened={opened} isFiltered={calls.length > 0} />}
      </section>
      {opened !== undefined && <CallDetailPane key={opened} id={opened} onAdded={live.reloadRules} />}
    </div>
  );
}
