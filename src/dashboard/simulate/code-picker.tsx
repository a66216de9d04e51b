/** Chooses one of an API's result codes: radio buttons with status, code and message. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CodesAnswer } from "../../admin/api/views/answers.ts";
import { LoadedNote } from "../parts/loaded-note.tsx";
import { StatusChip } from "../parts/status-chip.tsx";
import { known, type Source } from "../parts/use-loaded.ts";

interface CodeProps {
  readonly codes: Source<CodesAnswer>;
  readonly chosen: string | undefined;
  readonly onChoose: (code: string) => void;
}

export function CodePicker({ codes: { loaded, reload }, chosen, onChoose }: CodeProps): JSX.Element {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const answer = known(loaded);
  const codes = (answer?.codes ?? []).filter((row) => `${row.code} ${row.message} ${row.status ?? ""}`.toLowerCase().includes(wanted));
  return (
    <fieldset class="field codes">
      <legend>Result code</legend>
      <input
        type="search"
        aria-label="Filter result codes"
        placeholder={answer === undefined ? "Filter codes" : `Filter ${answer.codes.length} codes`}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {answer?.known === "none" && <p class="faint small">Antom publishes no list for this API; these are the codes common to all.</p>}
      <LoadedNote what="The result codes" loaded={loaded} onRetry={reload} />
      <div class="code-list">
        {codes.map((row) => (
          <label key={row.code} class="code-row">
            <input
              type="radio"
              name="code"
              value={row.code}
              checked={row.code === chosen}
              disabled={row.status === undefined}
              onChange={() => onChoose(row.code)}
            />
            <span class="code-name">{row.code}</span>
            <StatusChip status={row.status} />
            <span class="code-message">
              {row.message}
              {!row.published && <span class="faint"> (no published message)</span>}
            </span>
          </label>
        ))}
        {answer !== undefined && codes.length === 0 && <p class="faint empty">No code matches</p>}
      </div>
    </fieldset>
  );
}
