/** The set-up lines of one SDK at a time (WAI-ARIA tabs pattern). */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ConnectAnswer } from "../../admin/api/views/answers.ts";
import { CodeBlock } from "../parts/code-block.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { withCode } from "../parts/problems-banner.tsx";

type Setup = ConnectAnswer["clients"][number];

export function SdkTabs({ clients }: { readonly clients: readonly Setup[] }): JSX.Element | null {
  const [chosen, setChosen] = useState("java");
  const index = Math.max(
    0,
    clients.findIndex((one) => one.client === chosen),
  );
  const setup = clients[index];
  if (setup === undefined) return null;
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step === undefined ? undefined : clients[(index + step + clients.length) % clients.length];
    if (next === undefined) return;
    setChosen(next.client);
    document.getElementById(`tab-${next.client}`)?.focus();
  };
  return (
    <>
      <div class="segments tabs" role="tablist" aria-label="SDK" onKeyDown={move}>
        {clients.map(({ client }) => (
          <button
            key={client}
            id={`tab-${client}`}
            type="button"
            role="tab"
            aria-selected={client === setup.client}
            aria-controls="sdk-panel"
            tabIndex={client === setup.client ? 0 : -1}
            onClick={() => setChosen(client)}
          >
            {client}
          </button>
        ))}
      </div>
      <SdkPanel setup={setup} />
    </>
  );
}

function SdkPanel({ setup }: { readonly setup: Setup }): JSX.Element {
  return (
    <div id="sdk-panel" role="tabpanel" aria-labelledby={`tab-${setup.client}`}>
      <div class="bar">
        <h2>{setup.title}</h2>
        <CopyButton what={`the ${setup.client} lines`} text={() => setup.code} />
      </div>
      {setup.obstacle !== undefined && (
        <p class="trouble">
          <b>Not ready:</b> {withCode(setup.obstacle)}
        </p>
      )}
      <CodeBlock label={`${setup.client} code`} text={setup.code} />
      <ul class="notes">
        {setup.notes.map((note) => (
          <li key={note}>{withCode(note)}</li>
        ))}
      </ul>
    </div>
  );
}
